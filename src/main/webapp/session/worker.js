// Sets out JSON in lines, beside the page. Numbers keep every digit, since the text is walked and not parsed.
const INDENT = '  ';
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{},:]|[^\s[\]{},:"]+/gs;

function setOut(text) {
  JSON.parse(text); // what is no JSON is refused
  const pieces = [];
  let depth = 0;
  let isEmpty = false;
  const line = () => `\n${INDENT.repeat(depth)}`;
  for (const [token] of text.matchAll(TOKEN)) {
    const closes = token === '}' || token === ']';
    if (closes) depth--;
    if (closes ? !isEmpty : isEmpty) pieces.push(line());
    isEmpty = token === '{' || token === '[';
    if (isEmpty) depth++;
    pieces.push(token === ':' ? ': ' : token);
    if (token === ',') pieces.push(line());
  }
  return pieces.join('');
}

onmessage = ({data: {id, text}}) => {
  try {
    postMessage({id, text: setOut(text)});
  } catch (error) {
    postMessage({id, error: error.message});
  }
};
