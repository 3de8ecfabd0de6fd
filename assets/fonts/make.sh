#!/usr/bin/env bash
# Makes the two font files of this folder from their published package: the regular weight whole,
# the bold weight cut down to the characters that titles and numbers can hold.
# It does not run in a build; the results are committed. Needs npm, python3 with fonttools, and
# Debian's unicode-data (for the 8105 characters of the General Standard list, field kTGH).
set -euo pipefail
cd "$(dirname "$0")"
readonly package='@expo-google-fonts/noto-sans-sc@0.4.3'
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

(cd "$scratch" && npm pack --silent "$package" >/dev/null && tar xzf ./*.tgz)
install -m 644 "$scratch/package/400Regular/NotoSansSC_400Regular.ttf" NotoSansSC-Regular.ttf
install -m 644 "$scratch/package/LICENSE_FONT" OFL.txt

python3 - "$scratch/characters" <<'PYTHON'
import bz2, re, sys

characters = set(range(0x20, 0x250))            # Latin with its supplements
characters |= set(range(0x2000, 0x2070))        # general punctuation: – — ‧ • “ ” … ‰
characters |= set(range(0x2460, 0x2500))        # ① Ⓐ
characters |= set(range(0x25A0, 0x2800))        # ■ ★ ✓ ✔
characters |= set(range(0x3000, 0x3100)) | set(range(0xFF00, 0xFFF0))
for lead in range(0x81, 0xFF):                  # GBK, which holds GB2312 and its symbols
    for trail in range(0x40, 0xFF):
        try:
            characters |= set(map(ord, bytes((lead, trail)).decode("gbk")))
        except UnicodeDecodeError:
            pass
listing = bz2.open("/usr/share/unicode/Unihan_OtherMappings.txt.bz2", "rt", encoding="utf-8")
standard = {int(line.split()[0][2:], 16) for line in listing if re.match(r"U\+\w+\tkTGH\t", line)}
assert len(standard) == 8105, f"the General Standard list has 8105 characters, not {len(standard)}"
with open(sys.argv[1], "w", encoding="utf-8") as out:
    out.write("".join(map(chr, sorted(characters | standard))))
PYTHON
pyftsubset "$scratch/package/700Bold/NotoSansSC_700Bold.ttf" --text-file="$scratch/characters" \
    --layout-features='' --no-hinting --output-file=NotoSansSC-Bold.ttf
