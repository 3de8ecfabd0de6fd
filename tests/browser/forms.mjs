// Forms of every service line, filled by their labels as `forms.json` says: opened from the line's
// page, refused once at the field that is wrong with everything else kept, saved, found in the list.
//   node forms.mjs BASE ACCOUNTS               with ACCOUNTS as JSON: {"login": "password"}
// Prints one JSON document: of each form what it stumbled over; empty when it went well.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { withPage } from "./launch.mjs";
import { DESK, Person, day } from "./person.mjs";

const [base, accounts] = process.argv.slice(2);
const passwords = JSON.parse(accounts);
const forms = JSON.parse(await readFile(new URL("forms.json", import.meta.url)));

/** What the file means by `@day -1`, `@day 2 08:00` and `@number employer 示例丰禾`. */
async function meant(person, typed) {
  const [what, ...rest] = typed.split(" ");
  if (what === "@day") {
    const [days, time] = rest;
    return time ? `${day(Number(days))}T${time}` : day(Number(days));
  }
  if (what !== "@number") return typed;
  const [kind, ...title] = rest;
  await person.goesTo(`/staff/records/${kind}?q=${encodeURIComponent(title.join(" "))}`);
  return person.caseNo();
}

async function allMeant(person, values) {
  const meanings = {};
  for (const [label, typed] of Object.entries(values)) meanings[label] = await meant(person, typed);
  return meanings;
}

/** The label's own field says what is wrong, and every other one holds what was typed. */
async function isRefusedAt(person, label, says, typed) {
  const summary = person.main.getByRole("alert").filter({ has: person.page.getByRole("link") });
  await summary.waitFor();
  const wrong = await person.field(label);
  assert.equal(await wrong.getAttribute("aria-invalid"), "true", `${label} is marked`);
  const told = await wrong.locator("xpath=ancestor::div[@class='field']").locator(".error").innerText();
  assert.ok(told.includes(says), `${told} says ${says}`);
  for (const [other, value] of Object.entries(typed)) {
    assert.equal(await person.typedInto(other), value, `${other} is kept`);
  }
}

async function fillsAndFinds(person, form) {
  const values = await allMeant(person, form.values);
  const wrong = await meant(person, form.wrong.typed);
  await person.chooses("业务线");
  await person.follows(form.line);
  await person.followsExactly(`登记${form.kind}`);
  const typed = { ...values, [form.wrong.label]: wrong };
  await person.fills(typed);
  await person.leads(person.main.getByRole("button", { name: "存下", exact: true }));
  await isRefusedAt(person, form.wrong.label, form.wrong.says, typed);
  await person.shows(`form-${form.kind}`);
  await person.saves({ [form.wrong.label]: values[form.wrong.label] });
  const number = await person.caseNo();
  await person.followsExactly(form.list);
  await person.sees(number);
}

await withPage(async (page) => {
  const told = {};
  const people = {};
  for (const form of forms) {
    people[form.by] ??= await Person.at(page, base, form.by, passwords[form.by]);
    try {
      await fillsAndFinds(people[form.by], form);
      told[form.kind] = "";
    } catch (error) {
      told[form.kind] = `${error.stack}\n${await people[form.by].main.innerText()}`;
    }
  }
  console.log(JSON.stringify(told));
}, DESK);
