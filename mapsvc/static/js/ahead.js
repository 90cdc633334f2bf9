// A view is asked for when the pointer presses its choice: until it lets go, a tenth of a second passes.

import { loadPage } from "./live.js";

const KEPT_MS = 5000; // a press that became nothing is forgotten

let ahead = null; // { address, answer, until }

/** Ask for a view that may be wanted in a moment; not for visitors who count their bytes. */
export function askAhead(address) {
  const whole = new URL(address, location.href).href;
  if (navigator.connection?.saveData || ahead?.address === whole) return;
  ahead = { address: whole, answer: loadPage(whole), until: performance.now() + KEPT_MS };
}

/** Return what was asked for ahead, once; null where it is another view, or came to nothing. */
export async function askedAhead(address) {
  const found = ahead;
  ahead = null;
  if (found?.address !== new URL(address, location.href).href || performance.now() > found.until) return null;
  const answer = await found.answer;
  return answer.page ? answer : null;
}

/** Return what a form would send if this choice of it were the other way round. */
export function otherWay(form, { name, value, checked }) {
  const parameters = new URLSearchParams(new FormData(form));
  if (checked) parameters.delete(name, value);
  else parameters.append(name, value);
  return parameters;
}
