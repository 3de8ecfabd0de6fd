//! Passwords: the rules, the hash, and passwords that open once. The parameters of the hash stand
//! here and nowhere else.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use wire::problem::{Problem, ProblemCode};

use crate::edge;

/// Memory of one hash, in KiB (OWASP's floor for argon2id with two passes).
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Longest password that is looked at.
pub(crate) const CHARS_MAX: usize = 256;
/// Without look-alikes.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
const GROUPS: usize = 4;
const GROUP_CHARS: usize = 4;

/// Long enough, and tried first by everybody who guesses. In small letters.
const COMMON: &[&str] = &[
    "1234567890",
    "0123456789",
    "12345678910",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "qwertyuiop",
    "qwerty1234",
    "qwerty12345",
    "qwerty123456",
    "asdfghjkl1",
    "zxcvbnm123",
    "password12",
    "password123",
    "password1234",
    "p@ssw0rd123",
    "passw0rd123",
    "admin12345",
    "admin123456",
    "admin@1234",
    "admin@12345",
    "administrator",
    "abc1234567",
    "abc12345678",
    "abc123456789",
    "a123456789",
    "a1234567890",
    "aa123456789",
    "aa12345678",
    "123456789a",
    "1234567890a",
    "qq123456789",
    "woaini1314",
    "woaini5201314",
    "wo5201314ni",
    "iloveyou123",
    "5201314520",
    "1314520520",
    "123123123a",
    "123456abcdef",
    "abcdefghij",
    "abcd123456",
    "abcd1234567",
    "test123456",
    "welcome123",
    "root123456",
    "changeme123",
    "letmein123",
    "huawei12345",
    "huawei@123",
    "jiuye123456",
    "shiyuan12345",
    "rencai12345",
    "laodong12345",
    "zhongguo123",
];

/// `staff.password_*`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordRules {
    /// Fewest characters.
    pub chars_min: usize,
    /// Fewest kinds of characters.
    pub classes_min: usize,
    /// An older password must be changed; 0 = never.
    pub days_max: i64,
    /// So long a one-time password opens.
    pub one_time_ms: i64,
}

impl PasswordRules {
    /// Why a password cannot be taken, in a sentence that says what to do.
    #[must_use]
    pub fn fault(&self, password: &str, login: &str) -> Option<String> {
        let Self {
            chars_min,
            classes_min,
            ..
        } = *self;
        let chars = password.chars().count();
        let small = password.to_lowercase();
        if chars < chars_min {
            return Some(format!("密码至少要 {chars_min} 个字。"));
        }
        if chars > CHARS_MAX {
            return Some(format!("密码最多 {CHARS_MAX} 个字。"));
        }
        if small == login.to_lowercase() {
            return Some("密码不能和登录名一样，请换一个。".to_owned());
        }
        if COMMON.contains(&small.as_str()) || is_one_character(&small) {
            return Some("这个密码太常见，别人一猜就中，请换一个。".to_owned());
        }
        (classes(password) < classes_min).then(|| {
            format!(
                "小写字母、大写字母、数字、别的字（汉字也算），密码里至少要有 {classes_min} 种。"
            )
        })
    }

    /// The rules in a sentence, for who is about to choose.
    #[must_use]
    pub fn words(&self) -> String {
        format!(
            "至少 {} 个字；小写字母、大写字母、数字、别的字（汉字也算），至少要有 {} 种；不能和登录名一样。",
            self.chars_min, self.classes_min
        )
    }
}

fn is_one_character(password: &str) -> bool {
    let mut chars = password.chars();
    chars.next().is_none_or(|first| chars.all(|c| c == first))
}

fn classes(password: &str) -> usize {
    let kinds: [fn(char) -> bool; 4] = [
        |c| c.is_ascii_lowercase(),
        |c| c.is_ascii_uppercase(),
        |c| c.is_ascii_digit(),
        |c| !c.is_ascii_alphanumeric(),
    ];
    kinds.iter().filter(|is| password.chars().any(is)).count()
}

/// A password that was made for somebody. Not printed but where it is handed over.
#[derive(Clone, PartialEq, Eq)]
pub struct OneTimePassword(String);

impl OneTimePassword {
    /// A new one: 80 bits in groups that can be read out.
    #[must_use]
    pub fn make() -> Self {
        let bytes = edge::random_bytes::<{ GROUPS * GROUP_CHARS }>();
        let letters: Vec<u8> = bytes
            .iter()
            .map(|byte| LETTERS[usize::from(byte % 32)])
            .collect();
        let groups = letters.chunks(GROUP_CHARS).map(String::from_utf8_lossy);
        Self(groups.collect::<Vec<_>>().join("-"))
    }

    /// A given one.
    #[cfg(test)]
    pub(crate) fn of_text(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The password, to be shown once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for OneTimePassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OneTimePassword(***)")
    }
}

fn argon2id() -> Result<Argon2<'static>, argon2::Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash as a PHC string. Slow on purpose.
pub(super) fn hash(password: &str) -> Result<String, Problem> {
    let hashed = argon2id().map(|argon2id| {
        let hash = argon2id.hash_password(password.as_bytes());
        hash.map(|hash| hash.to_string())
    });
    match hashed {
        Ok(Ok(hash)) => Ok(hash),
        Ok(Err(_)) | Err(_) => {
            tracing::error!("a password cannot be hashed");
            Err(Problem::new(
                ProblemCode::Internal,
                "系统出了故障，请稍后再试。",
            ))
        }
    }
}

/// Whether a password is that of a hash, whatever the parameters of the hash were.
pub(super) fn is_of(password: &str, hash: &str) -> bool {
    let (Ok(hash), Ok(argon2id)) = (PasswordHash::new(hash), argon2id()) else {
        return false;
    };
    argon2id.verify_password(password.as_bytes(), &hash).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: PasswordRules = PasswordRules {
        chars_min: 10,
        classes_min: 2,
        days_max: 180,
        one_time_ms: 1,
    };

    #[test]
    fn weak_passwords_are_refused_in_words_that_say_why() {
        for (password, why) in [
            ("short1", "至少要 10 个字"),
            ("Password123", "太常见"),
            ("aaaaaaaaaaaa", "太常见"),
            ("wanxiuying01", "登录名"),
            ("onlysmallletters", "至少要有 2 种"),
        ] {
            let fault = RULES.fault(password, "WanXiuYing01").unwrap_or_default();
            assert!(fault.contains(why), "{password}: {fault}");
        }
        for password in [
            "月湖边上的第 3 棵树啊",
            "correct-horse-9",
            "A long password",
        ] {
            assert_eq!(RULES.fault(password, "wan"), None);
        }
    }

    #[test]
    fn a_hash_tells_its_parameters_and_opens_for_its_password_only() {
        let hashed = hash("correct-horse-9").unwrap();
        assert!(
            hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hashed}"
        );
        assert!(is_of("correct-horse-9", &hashed) && !is_of("correct-horse-8", &hashed));
        assert!(!is_of("x", "no hash"));
    }

    #[test]
    fn one_time_passwords_differ_fit_the_rules_and_do_not_print() {
        let (one, other) = (OneTimePassword::make(), OneTimePassword::make());
        assert_ne!(one, other);
        assert_eq!(one.reveal().len(), 19);
        assert!(!format!("{one:?}").contains(one.reveal()));
        assert_eq!(RULES.fault(one.reveal(), "wan"), None);
    }
}
