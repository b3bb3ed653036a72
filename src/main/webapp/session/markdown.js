// Markdown of which nothing can run, load or look like a part of the page. The libraries come with the first text.
import {html, useLayoutEffect, useRef, useState} from '../vendor/preact.js';
import {plain} from '../lib/core.js';
import {LongText} from '../lib/ui.js';

const AT_ONCE = 100_000;
const ALLOWED = ['a', 'b', 'blockquote', 'br', 'code', 'dd', 'del', 'div', 'dl', 'dt', 'em', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6',
  'hr', 'i', 'kbd', 'li', 'mark', 'ol', 'p', 'pre', 's', 'samp', 'small', 'span', 'strong', 'sub', 'sup', 'table', 'tbody',
  'td', 'th', 'thead', 'tr', 'u', 'ul'];

/** Tags that models write among their Markdown, without any attribute. */
const SIMPLE = /^<\/?(?:br|b|i|em|strong|sub|sup|kbd|code|del|s|u|mark|small)\s*\/?>$/i;

const escaped = text => text.replace(/[&<>"']/g, one => `&#${one.charCodeAt(0)};`);

/** Whether a link may leave this page: nothing but the web and mail. */
const isSafe = address => {
  try {
    return /^(https?|mailto):$/.test(new URL(address).protocol);
  } catch {
    return false; // relative to nothing
  }
};

let libraries;

const load = () => {
  libraries ??= Promise.all([import('../vendor/marked.js'), import('../vendor/dompurify.js')]).then(
    ([{Marked}, {default: purify}]) => {
      const marked = new Marked({
        gfm: true,
        renderer: {
          // a page with a strict policy complains even of what is only parsed: other tags are shown as they were written
          html: ({text}) => SIMPLE.test(text.trim()) ? text : escaped(text),
          // a picture would be a request that tells of its reader: its words and where it is instead
          image: ({href, text}) => `<span>Image: ${escaped(text || 'no description')}</span> <a href="${escaped(href)}">${escaped(href)}</a>`,
          checkbox: ({checked}) => `<span>${checked ? '☑' : '☐'}</span> `,
        },
      });
      return {marked, purify};
    },
    error => {
      libraries = undefined;
      throw error;
    });
  return libraries;
};

/** Below the heading of the section, and none left out, so that they can be gone through in order. */
function demote(content) {
  const above = [];
  for (const heading of content.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    const level = Number(heading.localName.slice(1));
    while (above.length && above.at(-1) >= level) above.pop();
    above.push(level);
    const other = document.createElement(`h${Math.min(6, above.length + 2)}`);
    other.append(...heading.childNodes);
    heading.replaceWith(other);
  }
}

function dress(content) {
  demote(content);
  for (const link of content.querySelectorAll('a')) {
    const address = link.getAttribute('href') ?? '';
    if (isSafe(address)) {
      link.setAttribute('target', '_blank');
      link.setAttribute('rel', 'noopener noreferrer');
    } else {
      link.replaceWith(...link.childNodes);
    }
  }
  for (const table of content.querySelectorAll('table')) {
    const region = document.createElement('div');
    region.className = 'scroll';
    region.tabIndex = 0;
    region.setAttribute('role', 'group');
    region.setAttribute('aria-label', 'Table');
    table.replaceWith(region);
    region.append(table);
  }
}

async function made(text) {
  const {marked, purify} = await load();
  const content = purify.sanitize(marked.parse(text), {
    ALLOWED_TAGS: ALLOWED,
    ALLOWED_ATTR: ['href', 'align', 'colspan', 'rowspan', 'start'],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
  dress(content);
  return content;
}

/** A Markdown text, shown safely. What is beyond a size is shown as text. */
export function Markdown({text}) {
  const here = useRef(null);
  const [failed, setFailed] = useState(false);
  const clean = plain(text);
  const cut = clean.length > AT_ONCE ? clean.lastIndexOf('\n', AT_ONCE) + 1 || AT_ONCE : clean.length;
  useLayoutEffect(() => {
    let current = true;
    made(clean.slice(0, cut)).then(
      content => {
        if (!current || !here.current) return;
        setFailed(false);
        here.current.replaceChildren(content);
      },
      error => {
        console.error(error);
        if (current) setFailed(true);
      });
    return () => {
      current = false;
    };
  }, [clean]);
  return html`<div class="markdown" ref=${here}></div>
    ${failed && html`<${LongText} text=${clean} label="Markdown as text" />`}
    ${!failed && cut < clean.length && html`<p class="quiet">The rest, as text:</p><${LongText} text=${clean.slice(cut)} label="Rest of the Markdown" />`}`;
}
