// Working days in the browser, one after another over one centre; a day that goes wrong does not keep
// the others from beginning:
//   node days.mjs BASE ACCOUNTS RECORDS [DAY...]   with ACCOUNTS as JSON: {"login": "password"}
// Prints one JSON document: of each day how long it took, and what it stumbled over.
import { withPage } from "./launch.mjs";
import { DESK, Person } from "./person.mjs";
import { archivist } from "./days/archivist.mjs";
import { cashier } from "./days/cashier.mjs";
import { director } from "./days/director.mjs";
import { loanOfficer } from "./days/loan_officer.mjs";

const [base, accounts, , ...asked] = process.argv.slice(2);
const passwords = JSON.parse(accounts);
const days = { director, archivist, "loan officer": loanOfficer, cashier };
/** So much of a page tells where a day went wrong. */
const WORDS_MAX = 1_200;

/** Where the days are spent: people come in by their sign-in names. */
function centreOf(page) {
  const inside = [];
  return {
    base,
    async person(login) {
      const person = await Person.at(page, base, login, passwords[login]);
      inside.push(person);
      return person;
    },
    /** What those who are still there look at: for who must find out why a day went wrong. */
    async seen() {
      const open = inside.filter((one) => !one.page.isClosed());
      const each = open.map(async (one) => `${one.login} at ${one.page.url()}: ${(await one.main.innerText()).slice(0, WORDS_MAX)}`);
      return (await Promise.all(each)).join("\n\n");
    },
  };
}

await withPage(async (page) => {
  const told = {};
  for (const [name, spend] of Object.entries(days)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    const centre = centreOf(page);
    const began = Date.now();
    try {
      await spend(centre);
      told[name] = { seconds: (Date.now() - began) / 1000 };
    } catch (error) {
      told[name] = { error: `${error.stack}\n${await centre.seen()}` };
    }
  }
  console.log(JSON.stringify(told));
}, DESK);
