// The server under test, spoken to as an agent does: what is written here is what the console must show.

/** Where the server is: the test that started it says so. */
export const ROOT = new URL(process.env.CONSOLE_URL ?? 'http://127.0.0.1:8080/');

/** Microseconds since the epoch. */
export const now = () => Date.now() * 1000;

export async function send(method, path, body, type = 'application/json') {
  return fetch(new URL(path, ROOT), {
    method,
    headers: body === undefined ? {} : {'Content-Type': type},
    body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** Reads or writes and gives the JSON of the answer; anything but success is an error. */
export async function api(path, {method = 'GET', body} = {}) {
  const answer = await send(method, `api/v1/${path}`, body);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
  return text ? JSON.parse(text) : null;
}

/** Writes records, or a text of records, and insists that every line was taken. */
export async function write(records) {
  const text = typeof records === 'string' ? records : records.map(record => JSON.stringify(record)).join('\n');
  const answer = await send('POST', 'api/v1/history/batch', text, 'application/x-ndjson');
  const lines = (await answer.text()).split('\n').filter(Boolean);
  const refused = lines.filter(line => !/"status":"(created|updated|unchanged)"/.test(line));
  if (!answer.ok || refused.length) {
    throw new Error(`${answer.status}: ${refused.length} refused, such as ${(refused[0] ?? lines[0])?.slice(0, 500)}`);
  }
  return lines.length;
}
