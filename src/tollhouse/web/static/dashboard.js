// The account's own page. The session lives in this tab only; a link's token is used once, by a press of the button, so that
// programs that look at links before people do cannot use it up.
const outside = document.getElementById("outside");
const inside = document.getElementById("inside");
const said = document.getElementById("said");
const api = outside?.dataset.api;
const SESSION = "tollhouse-session";

const element = (id) => document.getElementById(id);
const say = (text) => (said.textContent = text);
const day = (moment) => (moment ? moment.slice(0, 16).replace("T", " ") : "never");

async function ask(method, path, body) {
  const headers = { "content-type": "application/json" };
  const session = sessionStorage.getItem(SESSION);
  if (session) headers.authorization = `Bearer ${session}`;
  const answer = await fetch(api + path, { method, headers, body: body && JSON.stringify(body) });
  const value = await answer.json();
  if (answer.status === 401 && session) leave();
  if (!answer.ok) throw new Error(value.detail ?? `The gateway answered ${answer.status}.`);
  return value;
}

function leave() {
  sessionStorage.removeItem(SESSION);
  inside.hidden = true;
  outside.hidden = false;
}

async function attempt(action) {
  say("");
  try {
    await action();
  } catch (error) {
    say(error.message);
  }
}

function cell(row, text) {
  const added = row.insertCell();
  added.textContent = text;
  return added;
}

async function showKeys() {
  const { apiKeys } = await ask("GET", "/api-keys");
  element("keys").replaceChildren();
  for (const key of apiKeys) {
    const row = element("keys").insertRow();
    cell(row, key.name);
    cell(row, day(key.created_at));
    cell(row, day(key.last_used));
    cell(row, key.is_active ? "active" : "inactive");
    const last = cell(row, "");
    if (!key.is_active) continue;
    const revoke = document.createElement("button");
    revoke.type = "button";
    revoke.textContent = "Deactivate";
    revoke.setAttribute("aria-label", `Deactivate ${key.name}`);
    revoke.addEventListener("click", () =>
      attempt(async () => {
        await ask("DELETE", `/api-keys/${encodeURIComponent(key.id)}`);
        await showKeys();
      }),
    );
    last.append(revoke);
  }
}

async function enter() {
  const profile = await ask("GET", "/user/profile");
  element("account").textContent = profile.address ?? profile.id;
  await showKeys();
  outside.hidden = true;
  inside.hidden = false;
}

function offerSignIn() {
  const token = new URLSearchParams(location.hash.slice(1)).get("sign-in");
  outside.hidden = false;
  if (!token) return;
  history.replaceState(null, "", location.pathname); // the token is no address to come back to
  element("without-link").hidden = true;
  const button = element("sign-in");
  button.hidden = false;
  button.addEventListener("click", () =>
    attempt(async () => {
      const signedIn = await ask("POST", "/auth/link", { token });
      sessionStorage.setItem(SESSION, signedIn.token);
      await enter();
    }),
  );
}

if (api !== undefined) {
  element("sign-out").addEventListener("click", () =>
    attempt(async () => {
      await ask("POST", "/auth/logout");
      leave();
    }),
  );
  element("new-key").addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    attempt(async () => {
      const made = await ask("POST", "/api-keys", { name: form.name.value });
      element("key").textContent = made.key;
      element("made").hidden = false;
      form.reset();
      await showKeys();
    });
  });
  if (location.hash.includes("sign-in=")) sessionStorage.removeItem(SESSION);
  if (sessionStorage.getItem(SESSION)) attempt(enter);
  else offerSignIn();
}
