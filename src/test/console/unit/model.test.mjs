// How the console loads a session: its pages side by side, and yet all of it, whatever is written meanwhile.
import assert from 'node:assert/strict';
import {afterEach, describe, test} from 'node:test';
import './page.mjs';
import {Session, pageEnds} from '../../../main/webapp/session/model.js';

const PAGE = 500;
const entry = at => ({id: `${at}`, type: at % 2 ? 'llm' : 'mcp', timestamp_us: at, details: {}});
const entries = (from, to, step = 1) =>
  Array.from({length: Math.ceil((to - from) / step)}, (_, at) => entry(from + at * step));
const byTime = (one, other) => one.timestamp_us - other.timestamp_us;

function skeletonOf(all) {
  const of = type => all.filter(one => one.type === type && one.timestamp_us >= 100)
    .map(({id, timestamp_us: at}) => ({id, timestamp_us: at}));
  return {
    session_id: 's', status: 'in_progress', total_interactions: all.length,
    stages: [{execution_id: 'a', llm_interactions: of('llm'), mcp_communications: of('mcp')}],
    session_level_interactions: all.filter(one => one.timestamp_us < 100),
  };
}

/** A server with these interactions; `meanwhile` are written as soon as it has answered with the skeleton. */
function serves(all, meanwhile = []) {
  const asked = [];
  let stored = all.toSorted(byTime);
  globalThis.fetch = async address => {
    const {searchParams: params} = new URL(address);
    if (params.has('include')) {
      const answer = Response.json(skeletonOf(stored));
      stored = [...stored, ...meanwhile].sort(byTime);
      return answer;
    }
    asked.push(params.get('after'));
    await new Promise(resolve => setTimeout(resolve, params.has('after') ? 1 : 5));
    const from = params.has('after') ? stored.findIndex(one => `${one.type}:${one.id}` === params.get('after')) + 1 : 0;
    const interactions = stored.slice(from, from + PAGE);
    const last = from + PAGE < stored.length ? interactions.at(-1) : null;
    return Response.json({interactions, pagination: {next_after: last && `${last.type}:${last.id}`}});
  };
  return asked;
}

async function loaded(all, meanwhile) {
  const asked = serves(all, meanwhile);
  const session = new Session('s');
  session.refresh();
  await session.working;
  const {entries: got, complete, error} = session.state.get();
  session.close();
  assert.equal(error, null);
  assert.equal(complete, true);
  assert.deepEqual(got.map(({id}) => id), [...all, ...meanwhile ?? []].sort(byTime).map(({id}) => id));
  return asked;
}

describe('a session', () => {
  const {fetch} = globalThis;
  afterEach(() => {
    globalThis.fetch = fetch;
  });

  test('of one page is asked for once', async () => {
    assert.deepEqual(await loaded(entries(0, 20)), [null]);
    assert.deepEqual(await loaded(entries(0, PAGE)), [null]);
  });
  test('of many pages is asked for by their ends, each once', async () => {
    assert.deepEqual(await loaded(entries(0, 2_001)), [null, 'llm:499', 'llm:999', 'llm:1499', 'llm:1999']);
  });
  test('is there as a whole when something was written in the middle, before the pages were read', async () => {
    await loaded(entries(0, 4_000, 2), entries(1, 4_000, 2));
    await loaded(entries(0, 1_400, 2), entries(1, 400, 2));
    await loaded(entries(0, 1_400, 2), entries(1_401, 3_000, 2));
    await loaded(entries(0, 500), entries(500, 1_200));
  });
});

test('pages end where the server ends them', () => {
  const ends = pageEnds(skeletonOf(entries(0, 1_001)));
  assert.deepEqual(ends.map(({id, type}) => [id, type]), [['499', 'llm'], ['999', 'llm']]);
  assert.deepEqual(pageEnds(skeletonOf(entries(0, 1_000))).map(({id}) => id), ['499']);
  assert.deepEqual(pageEnds({stages: [], session_level_interactions: []}), []);
});
