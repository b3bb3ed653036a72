// Takes JSON texts apart away from the page, so that megabytes do not stop it: keeps them and answers what is asked.
import {child, decode, describe, follow, interactionsOf, measure, places, root, search} from './json-text.js';

const texts = new Map();
const known = new Map();

function placesOf(text, begin) {
  const byBegin = known.get(text) ?? new Map();
  known.set(text, byBegin);
  if (!byBegin.has(begin)) byBegin.set(begin, places(text, begin));
  return byBegin.get(begin);
}

const ANSWERS = {
  /** Keeps a text that came as bytes. */
  load({doc, bytes}) {
    known.delete(texts.get(doc));
    const text = new TextDecoder().decode(bytes);
    texts.set(doc, text);
    return {root: root(text), characters: text.length};
  },
  interactions: ({doc}) => interactionsOf(texts.get(doc)),
  /** Some of the values of an object or array. */
  children({doc, begin, from, to}) {
    const text = texts.get(doc);
    return placesOf(text, begin).slice(from, to).map((place, at) => child(text, place, from + at));
  },
  follow: ({doc, names}) => follow(texts.get(doc), names, placesOf),
  /** How many values each of some objects and arrays has. */
  totals: ({doc, begins}) => begins.map(begin => measure(texts.get(doc), begin).total),
  /** The JSON of a value as it was sent, or what a string says. */
  source({doc, begin, decoded}) {
    const text = texts.get(doc);
    const source = text.slice(begin, describe(text, begin).end);
    return decoded ? decode(source) : source;
  },
  whole: ({doc}) => texts.get(doc),
  search({wanted, docs, most}) {
    const hits = [];
    for (const doc of docs) {
      if (hits.length < most) for (const hit of search(texts.get(doc), wanted, most - hits.length)) hits.push({doc, ...hit});
    }
    return hits;
  },
};

addEventListener('message', ({data: {id, question, details}}) => {
  try {
    postMessage({id, answer: ANSWERS[question](details)});
  } catch (failure) {
    postMessage({id, failure: failure.message});
  }
});
