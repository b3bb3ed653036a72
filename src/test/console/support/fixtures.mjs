// What the tests write before they look: one session for each thing that a console can be bad at.
import {readFileSync} from 'node:fs';
import {api, now, write} from './server.mjs';

const SECOND = 1_000_000;
const SAMPLE = new URL('../../../../docs/sample.ndjson', import.meta.url);

/** Ids of the sessions that the tests know. */
export const IDS = {
  rich: 'console-rich',
  other: 'console-other',
  running: 'console-running',
  many: 'console-2000-interactions',
  talk: 'console-5mb-conversation',
  result: 'console-5mb-result',
  hostile: 'console-hostile',
};
export const ROWS = 300;
/** The alert type that only the many rows have. */
export const ROW_TYPE = 'ConsoleRow';
/** A word that stands in one tool result and nowhere else. */
export const NEEDLE = 'zwiebelturm';

export const session = (id, more = {}) => ({
  kind: 'session', session_id: id, agent_type: 'kubernetes', chain_id: 'kubernetes-chain', alert_type: 'PodCrashLooping',
  alert_data: {message: `Pod of ${id} restarts again and again`, namespace: 'shop', severity: 'critical'},
  status: 'in_progress', started_at_us: now() - 600 * SECOND, ...more,
});
export const stage = (id, index, more = {}) => ({
  kind: 'stage', session_id: id, execution_id: `${id}.${index}`, stage_id: `stage_${index}`, stage_index: index,
  stage_name: ['data-collection', 'verification', 'final-diagnosis'][index] ?? `stage ${index}`,
  agent: 'KubernetesAgent', status: 'active', started_at_us: now() - 590 * SECOND, ...more,
});
export const llm = (id, number, messages, more = {}) => ({
  kind: 'llm_interaction', session_id: id, interaction_id: `${id}-llm-${number}`, model_name: 'gemini-2.5-flash',
  provider: 'google', success: true, duration_ms: 2_400, input_tokens: 800, output_tokens: 60, total_tokens: 860,
  timestamp_us: now() - 580 * SECOND, interaction_type: 'investigation', conversation: {messages}, ...more,
});
export const mcp = (id, number, more = {}) => ({
  kind: 'mcp_communication', session_id: id, communication_id: `${id}-mcp-${number}`, server_name: 'kubernetes-server',
  communication_type: 'tool_call', tool_name: 'pods_log', success: true, duration_ms: 310,
  timestamp_us: now() - 570 * SECOND, tool_arguments: {namespace: 'shop', name: 'cart-7f9c'},
  tool_result: {result: 'phase: Running'}, ...more,
});

const ANALYSIS = `# The limit of memory is too low

The container **cart** is killed by the kernel with \`OOMKilled\`, exit code 137.

## What was seen

1. The pod restarted 14 times.
2. The limit is \`128Mi\`.

| container | limit | peak |
| --- | --- | --- |
| cart | 128Mi | 131Mi |

\`\`\`yaml
resources:
  limits:
    memory: 256Mi
\`\`\`

> Raise the limit, then watch for a day.

See the [runbook](https://runbooks.example/memory).
`;

/** Three stages, the second with two parallel agents; thoughts and actions as text, native tool calls, errors. */
function rich(id = IDS.rich, analysis = ANALYSIS, ago = 3_600) {
  const start = now() - ago * SECOND;
  const at = seconds => start + seconds * SECOND;
  const inStage = (index, seconds) => ({stage_execution_id: `${id}.${index}`, timestamp_us: at(seconds)});
  const system = {role: 'system', content: 'You are an experienced site reliability engineer.'};
  const question = {role: 'user', content: 'Investigate this alert: pod cart-7f9c restarts.'};
  const thought = {role: 'assistant', content: 'Thought: I should look at the pod first.\nAction: kubernetes-server.pods_log'
    + '\nAction Input: {"namespace": "shop", "name": "cart-7f9c"}'};
  const observation = {role: 'user', content: 'Observation: kubernetes-server.pods_log: out of memory'};
  const final = {role: 'assistant', content: 'Thought: Now I know.\nFinal Answer: The limit of memory is too low.'};
  return [
    session(id, {
      started_at_us: start, alert_id: `alert-${id}`, author: 'on-call', runbook_url: 'https://runbooks.example/memory',
      chain_id: 'three-stage-chain', session_metadata: {source: 'alertmanager'},
      alert_data: {message: `Pod cart-7f9c of ${id} is OOMKilled`, namespace: 'shop', pod: 'cart-7f9c', severity: 'critical',
        labels: {team: 'cart', tier: 'gold'}, description: 'It restarts.\nAgain and again.'},
      chain_definition: {chain_id: 'three-stage-chain', stages: [{name: 'data-collection', agent: 'KubernetesAgent'},
        {name: 'verification', agent: 'KubernetesAgent'}, {name: 'final-diagnosis', agent: 'KubernetesAgent'}]},
    }),
    stage(id, 0, {started_at_us: at(1)}),
    mcp(id, 1, {...inStage(0, 2), communication_type: 'tool_list', tool_name: undefined, tool_arguments: undefined,
      tool_result: undefined, available_tools: {'kubernetes-server': [{name: 'pods_log', description: 'The log of a pod'}]}}),
    llm(id, 2, [system, question, thought], inStage(0, 5)),
    mcp(id, 3, {...inStage(0, 7), tool_result: {result: `last words of the container: ${NEEDLE}\nOOMKilled`}}),
    llm(id, 4, [system, question, thought, observation, final], {...inStage(0, 12), thinking_content: 'The kernel killed it.'}),
    {kind: 'stage_patch', session_id: id, execution_id: `${id}.0`, status: 'completed', completed_at_us: at(20), duration_ms: 19_000},
    stage(id, 1, {started_at_us: at(21), parallel_type: 'multi_agent', parallel_index: 0}),
    ...['a', 'b'].flatMap((letter, index) => [
      stage(id, 1, {execution_id: `${id}.1${letter}`, started_at_us: at(21), parent_stage_execution_id: `${id}.1`,
        parallel_type: 'multi_agent', parallel_index: index + 1, stage_name: `verification ${letter}`}),
      mcp(id, `1${letter}`, {stage_execution_id: `${id}.1${letter}`, timestamp_us: at(25 + index), tool_name: 'events_list'}),
      llm(id, `1${letter}`, [system, {role: 'user', content: 'Is it so?'}, {role: 'assistant', content: [
        {type: 'text', text: `Agent ${letter} says yes.`},
        {type: 'tool_use', id: `call-${letter}`, name: 'kubernetes-server__events_list', input: {namespace: 'shop'}}]}],
      {stage_execution_id: `${id}.1${letter}`, timestamp_us: at(28 + index), model_name: 'claude-sonnet-4-5', provider: 'anthropic'}),
      {kind: 'stage_patch', session_id: id, execution_id: `${id}.1${letter}`, status: index ? 'failed' : 'completed',
        completed_at_us: at(40), duration_ms: 19_000, ...index ? {error_message: 'agent b lost its way'} : {}},
    ]),
    {kind: 'stage_patch', session_id: id, execution_id: `${id}.1`, status: 'partial', completed_at_us: at(41), duration_ms: 20_000},
    stage(id, 2, {started_at_us: at(42)}),
    mcp(id, 20, {...inStage(2, 43), success: false, tool_name: 'pods_exec', error_message: 'pods "cart-7f9c" is forbidden',
      tool_result: null}),
    llm(id, 21, [system, question, {role: 'assistant', content: 'Trying again.'}], {...inStage(2, 45), success: false,
      error_message: '429 Too Many Requests'}),
    mcp(id, 22, {...inStage(2, 60), duration_ms: 15_000, server_name: 'metrics-server', tool_name: 'range_query',
      tool_result: {series: [{name: 'memory', values: [1, 2, 3]}]}}),
    llm(id, 23, [system, question, {role: 'assistant', content: 'Final Answer: raise the limit.'}],
      {...inStage(2, 80), interaction_type: 'final_analysis'}),
    {kind: 'stage_patch', session_id: id, execution_id: `${id}.2`, status: 'completed', completed_at_us: at(90), duration_ms: 48_000},
    {kind: 'session_patch', session_id: id, status: 'completed', completed_at_us: at(91), final_analysis: analysis,
      current_stage_index: 2},
  ];
}

function running() {
  const id = IDS.running;
  return [
    session(id, {started_at_us: now() - 90 * SECOND, alert_type: 'NodePressure', current_stage_index: 0}),
    stage(id, 0, {started_at_us: now() - 89 * SECOND}),
    mcp(id, 1, {stage_execution_id: `${id}.0`, timestamp_us: now() - 60 * SECOND}),
    llm(id, 2, [{role: 'user', content: 'Why?'}, {role: 'assistant', content: 'Let me see.'}],
      {stage_execution_id: `${id}.0`, timestamp_us: now() - 30 * SECOND}),
  ];
}

/** Two thousand small interactions in three stages. */
function many() {
  const id = IDS.many;
  const start = now() - 7_200 * SECOND;
  const records = [session(id, {started_at_us: start, alert_type: 'ManySteps'})];
  for (let index = 0; index < 3; index++) records.push(stage(id, index, {started_at_us: start + index * 700 * SECOND}));
  for (let step = 0; step < 2_000; step++) {
    const place = {stage_execution_id: `${id}.${Math.floor(step / 667)}`, timestamp_us: start + step * SECOND};
    records.push(step % 2 ? llm(id, step, [{role: 'user', content: `Step ${step}?`}, {role: 'assistant', content: `Done ${step}.`}], place)
      : mcp(id, step, {...place, success: step % 500 !== 250, ...step % 500 === 250 ? {error_message: `step ${step} failed`} : {}}));
  }
  records.push({kind: 'session_patch', session_id: id, status: 'completed', completed_at_us: start + 2_100 * SECOND,
    final_analysis: 'Two thousand steps were taken.'});
  return records;
}

const paragraph = 'The quick brown fox jumps over the lazy dog; pod cart-7f9c is OOMKilled and restarts with exit code 137.\n';
const lines = length => paragraph.repeat(Math.ceil(length / paragraph.length)).slice(0, length);

/** One conversation of five megabytes: five hundred messages of ten kilobytes. */
function talk() {
  const messages = Array.from({length: 500}, (_, at) => ({
    role: at % 2 ? 'assistant' : 'user', content: `Message ${at}. ${lines(10_000)}`,
  }));
  return [session(IDS.talk, {alert_type: 'LongTalk'}), stage(IDS.talk, 0),
    llm(IDS.talk, 1, messages, {stage_execution_id: `${IDS.talk}.0`}),
    {kind: 'session_patch', session_id: IDS.talk, status: 'completed', final_analysis: 'It was a long talk.'}];
}

/** One tool result of five megabytes. */
function result() {
  return [session(IDS.result, {alert_type: 'LongResult'}), stage(IDS.result, 0),
    llm(IDS.result, 1, [{role: 'user', content: 'All logs, please.'}, {role: 'assistant', content: 'Here.'}],
      {stage_execution_id: `${IDS.result}.0`}),
    mcp(IDS.result, 2, {stage_execution_id: `${IDS.result}.0`, tool_result: {result: `first line\n${lines(5_000_000)}\nlast line`}}),
    {kind: 'session_patch', session_id: IDS.result, status: 'completed', final_analysis: 'It was a long log.'}];
}

function rows() {
  const states = ['completed', 'completed', 'completed', 'failed', 'cancelled', 'timed_out'];
  return Array.from({length: ROWS}, (_, at) => session(`console-row-${String(at).padStart(3, '0')}`, {
    alert_type: ROW_TYPE, chain_id: `row-chain-${at % 3}`, agent_type: `row-agent-${at % 2}`, status: states[at % states.length],
    started_at_us: now() - (86_400 + at * 60) * SECOND, completed_at_us: now() - (86_400 + at * 60 - 30 - at) * SECOND,
  }));
}

const SCRIPT = "window.__pwned=(window.__pwned||0)+1;new Image().src='https://evil.example/beacon'";
/** What runs, or asks another host for something, wherever a text is taken for markup. */
export const ATTACK = `"><img src=x onerror="${SCRIPT}"><script>${SCRIPT}</script><svg onload="${SCRIPT}">`
  + `<iframe srcdoc="<script>parent.__pwned=1</script>"></iframe>\`\${${SCRIPT}}\`{{constructor.constructor('window.__pwned=1')()}}`;
const short = `"'><img src=x onerror="window.__pwned=1">`;

const HOSTILE_MARKDOWN = `# Hostile ${short}

<script>${SCRIPT}</script>
<img src="https://evil.example/pixel.png" onerror="${SCRIPT}">
<iframe src="https://evil.example/frame"></iframe>
<style>@import url(https://evil.example/style.css); body { background: url(https://evil.example/background.png) }</style>
<form action="https://evil.example/form"><input name="password"><button>Go on</button></form>
<a href="javascript:${SCRIPT}" onclick="${SCRIPT}">A link in HTML</a>
<math><mtext></table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.__pwned=1&gt;">
<svg><a xlink:href="javascript:window.__pwned=1"><text>Text</text></a><use href="data:image/svg+xml,<svg onload=window.__pwned=1>"/></svg>
<div id="console" name="body" class="banner bad" style="position:fixed;inset:0">Over all</div>
<link rel="stylesheet" href="https://evil.example/link.css"><base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example/">
<object data="https://evil.example/object"></object><video src="https://evil.example/video" autoplay></video>

![A picture](https://evil.example/picture.png) ![Another](javascript:window.__pwned=1)
[A script](javascript:window.__pwned=1) [Shouted](JaVaScRiPt:window.__pwned=1) [Hidden](java&#115;cript:window.__pwned=1)
[Data](data:text/html,<script>opener.__pwned=1</script>) [Quoted](https://good.example/"onmouseover="window.__pwned=1)
<javascript:window.__pwned=1> https://good.example/"onclick="window.__pwned=1

\`\`\`html "><img src=x onerror="window.__pwned=1">
<script>${SCRIPT}</script>
\`\`\`
`;

/** A session in which every text that an agent may write is an attack. */
function hostile() {
  const id = IDS.hostile;
  const start = now() - 300 * SECOND;
  const place = seconds => ({stage_execution_id: `${id}.0`, timestamp_us: start + seconds * SECOND});
  const bad = {[ATTACK]: ATTACK, nested: {[ATTACK]: [ATTACK, {[ATTACK]: ATTACK}]}, __proto__x: ATTACK, constructor: ATTACK};
  const parts = [{type: 'text', text: ATTACK}, {type: ATTACK, text: ATTACK}, {type: 'image_url', image_url: {url: 'https://evil.example/part.png'}},
    {type: 'tool_use', id: ATTACK, name: ATTACK, input: bad}, {type: 'tool_result', tool_use_id: ATTACK, content: ATTACK}];
  return [
    session(id, {
      alert_id: `alert-${id}`, started_at_us: start, agent_type: short, alert_type: short, chain_id: short, author: ATTACK,
      runbook_url: `javascript:${SCRIPT}`, session_metadata: bad, error_message: ATTACK,
      alert_data: {message: `../../${ATTACK}\r\nSet-Cookie: a=b`, title: ATTACK, description: HOSTILE_MARKDOWN, url: 'javascript:window.__pwned=1',
        link: 'https://evil.example/link', ansi: '\u001B[31mred\u001B[0m\u001B]8;;javascript:window.__pwned=1\u0007link\u001B]8;;\u0007',
        turned: '\u202Egnp.exe', ...bad},
      chain_definition: {chain_id: ATTACK, description: ATTACK, stages: [{name: ATTACK, agent: ATTACK}]},
    }),
    stage(id, 0, {stage_id: short, stage_name: short, agent: short, started_at_us: start, parallel_type: short}),
    llm(id, 1, [{role: 'system', content: ATTACK}, {role: 'user', content: parts}, {role: ATTACK, content: ATTACK, name: ATTACK},
      {role: 'assistant', content: `Thought: ${ATTACK}\nAction: ${ATTACK}\nAction Input: ${ATTACK}`},
      {role: 'assistant', content: null, tool_calls: [{id: ATTACK, type: 'function', function: {name: ATTACK, arguments: ATTACK}}]},
      {role: 'tool', tool_call_id: ATTACK, content: ATTACK},
      {role: 'assistant', content: `Final Answer: ${HOSTILE_MARKDOWN}`}], {
      ...place(1), model_name: short, provider: short, step_description: ATTACK, request_id: short, thinking_content: ATTACK,
      response_metadata: bad,
    }),
    mcp(id, 2, {...place(2), server_name: short, tool_name: ATTACK, tool_arguments: bad, tool_result: bad, step_description: ATTACK}),
    mcp(id, 3, {...place(3), server_name: short, tool_name: ATTACK, tool_arguments: bad, success: false, error_message: ATTACK,
      tool_result: {result: HOSTILE_MARKDOWN}}),
    mcp(id, 4, {...place(4), server_name: short, communication_type: 'tool_list', tool_name: undefined, tool_result: undefined,
      tool_arguments: undefined, available_tools: {[ATTACK]: [{name: ATTACK, description: ATTACK, inputSchema: bad}]}}),
    {kind: 'stage_patch', session_id: id, execution_id: `${id}.0`, status: 'failed', error_message: ATTACK,
      stage_output: bad},
    {kind: 'session_patch', session_id: id, status: 'failed', error_message: ATTACK, final_analysis: HOSTILE_MARKDOWN},
  ];
}

/** Writes everything that the specs look at; written a second time, nothing changes. */
export async function seed({large = true} = {}) {
  if ((await api('history/sessions?page_size=1&alert_type=NodePressure')).sessions.length) return;
  await write(readFileSync(SAMPLE, 'utf8'));
  await write([...rich(), ...rich(IDS.other, ANALYSIS.replace('OOMKilled', 'Evicted'), 1_800), ...hostile(), ...rows(), ...running()]);
  if (large) await write([...many(), ...talk(), ...result()]);
}
