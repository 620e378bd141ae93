// The simulator's own interface, /sim: one function for each thing a phone or a panel can do.

/** The simulator refused or did not answer; `status` is 0 when there was no answer. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export const getState = () => call("GET", "/sim/state");
export const getMessages = (chat, person) => call("GET", `/sim/chats/${chat}/messages?person=${person}`);
export const getCommands = (person, chat) => call("GET", `/sim/commands?person=${person}&chat=${chat}`);
export const getFaults = () => call("GET", "/sim/faults");

export const addPerson = (person) => call("POST", "/sim/people", person);
export const changePerson = (id, change) => call("PATCH", `/sim/people/${id}`, change);
export const addGroup = (group) => call("POST", "/sim/groups", group);
export const block = (person, blocked) => call("POST", "/sim/block", { person, blocked });
export const moveClock = (move) => call("POST", "/sim/clock", move);
export const setFaults = (faults) => call("POST", "/sim/faults", faults);

export const pressStart = (person, payload) => call("POST", "/sim/press_start", payload ? { person, payload } : { person });
export const send = (message) => call("POST", "/sim/send", message);
export const edit = (change) => call("POST", "/sim/edit", change);
export const remove = (messages) => call("POST", "/sim/delete", messages);
export const tap = (press) => call("POST", "/sim/tap", press);

/** Send files, several as one album; `message.as` is "document" or "photo". */
export function sendFiles(message, files) {
  const form = new FormData();
  form.append("json", JSON.stringify(message));
  for (const file of files) form.append("file", file, file.name);
  return call("POST", "/sim/send", form);
}

export const fileAddress = (fileId) => `/sim/files/${encodeURIComponent(fileId)}`;
export const eventsAddress = (since) => `/sim/events?since=${since}`;

async function call(method, path, body) {
  const request = { method, headers: { Accept: "application/json" } };
  if (body instanceof FormData) request.body = body;
  else if (body) {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, request);
  } catch {
    throw new Refused(0, "");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, reason(answer) || `${response.status} ${response.statusText}`);
  return answer;
}

function reason(answer) {
  const said = answer.description ?? answer.detail ?? answer.error;
  return typeof said === "string" ? said : "";
}
