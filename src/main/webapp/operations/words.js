// What operations say in words, and how they are kept in order. Pure functions.

export const KEPT_US = 300_000_000;

/** The samples of the last five minutes, with one more. */
export const remember = (samples, sample) =>
  [...samples.filter(one => one.at > sample.at - KEPT_US && one.at < sample.at), sample];

const SEVERITY = ['fail', 'warn', 'ok', 'skipped'];
export const SEVERITY_NAMES = {fail: 'Failing', warn: 'To be looked at', skipped: 'Does not apply', ok: 'In order'};

/** Checks in which a text stands, the worst first: `[{status, checks}]` without empty groups. */
export function groupedChecks(checks, find) {
  const want = (find ?? '').trim().toLowerCase();
  const shown = checks.filter(check => !want
    || ['name', 'title', 'detail', 'meaning', 'action'].some(field => check[field].toLowerCase().includes(want)));
  return SEVERITY.map(status => ({status, checks: shown.filter(check => check.status === status)}))
    .filter(group => group.checks.length > 0);
}

/** All checks as plain text, the worst first. */
export function checksText(report, when) {
  const groups = groupedChecks(report.checks, '');
  const lines = [`TARSy History: ${report.status}, ${when}`];
  for (const {status, checks} of groups) {
    lines.push('', `${SEVERITY_NAMES[status]}: ${checks.length}`);
    for (const check of checks) {
      lines.push(`  [${check.status}] ${check.name}: ${check.title}`, `    found: ${check.detail}`);
      if (status === 'fail' || status === 'warn') lines.push(`    means: ${check.meaning}`, `    do: ${check.action}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

const amount = (policy, key) => Number(policy[key]?.value ?? 0);
const grouped = number => Number(number).toLocaleString('en-US');
const some = (number, one) => `${grouped(number)} ${number === 1 ? one : `${one}s`}`;

/** The policy of retention in sentences. */
export function policyWords(policy) {
  const days = amount(policy, 'HISTORY_RETENTION_DAYS');
  const sessions = amount(policy, 'HISTORY_RETENTION_MAX_SESSIONS');
  const megabytes = amount(policy, 'HISTORY_RETENTION_MAX_MEGABYTES');
  const silence = amount(policy, 'ORPHANED_SESSION_TIMEOUT_MINUTES');
  const archive = policy.HISTORY_RETENTION_ARCHIVE_DIRECTORY?.value;
  const goes = [
    days > 0 && `once it ended more than ${some(days, 'day')} ago`,
    sessions > 0 && `while there are more than ${some(sessions, 'session')}`,
    megabytes > 0 && `while the bodies of all sessions are larger than ${grouped(megabytes)} MiB`,
  ].filter(Boolean);
  const words = goes.length === 0
    ? ['Nothing is ever deleted: there is no limit of age, number or size.']
    : [`A finished session goes ${goes.join(', or ')}; those that ended first go first.`,
      'Sessions that run or are held are never deleted.',
      `A run begins every ${some(amount(policy, 'HISTORY_RETENTION_INTERVAL_HOURS'), 'hour')}`
        + `, deletes at most ${some(amount(policy, 'HISTORY_RETENTION_CHUNK_ROWS'), 'row')} at a time`
        + `, rests ${grouped(amount(policy, 'HISTORY_RETENTION_PAUSE_MS'))} ms in between`
        + `, and pauses after ${some(amount(policy, 'HISTORY_RETENTION_BUDGET_SECONDS'), 'second')}.`,
      archive ? `What is deleted is written to ${archive} before.` : 'What is deleted is not archived.'];
  words.push(silence > 0 ? `A running session that nothing is written to for ${some(silence, 'minute')} becomes timed out.`
    : 'A running session of a silent agent runs for ever.');
  return words;
}

/** Why this program makes no backups, `{type, words}`, or null if it does. */
export function noBackups(database, directory) {
  if (database?.type === 'postgresql') {
    const words = 'This history is in PostgreSQL, which is backed up by pg_dump or by archiving its log.';
    return {type: 'postgresql', words};
  }
  if (database?.location?.includes(':memory:') && !directory) {
    const words = 'This history is in memory. HISTORY_BACKUP_DIRECTORY would say where backups of it go.';
    return {type: 'memory', words};
  }
  return null;
}

const REASONS = {
  age: 'because of their age',
  max_sessions: 'because there are too many sessions',
  max_megabytes: 'because bodies are too large',
};

/** Why sessions would go: `['40 because of their age']` */
export const reasonWords = reasons => Object.entries(reasons).filter(([, number]) => number > 0)
  .map(([reason, number]) => `${grouped(number)} ${REASONS[reason] ?? reason}`);

/** How far a run has come, from 0 to 1, or null if that cannot be known. */
export const runPart = (run, expected) => expected > 0 ? Math.min(1, run.sessions_deleted / expected) : null;

export const RUN_STATES = {
  running: ['pulse', 'Running', 'in_progress'],
  completed: ['check', 'Completed', 'completed'],
  paused: ['pause', 'Paused', 'paused'],
  failed: ['cross', 'Failed', 'failed'],
};

export const EVENT_TYPES = {
  session_created: 'Session began',
  session_status_change: 'Session status',
  stage_progress: 'Stage',
  llm_interaction: 'LLM interaction',
  mcp_interaction: 'Tool call',
  mcp_tool_list: 'Tool list',
  session_deleted: 'Session deleted',
  reset: 'Load anew',
};

/** What an event tells, in a line. */
export function eventWords(event) {
  const parts = {
    session_created: () => [event.alert_type ?? 'no alert type', event.chain_id && `chain ${event.chain_id}`],
    session_status_change: () => [event.previous_status ? `${event.previous_status} → ${event.status}` : event.status],
    stage_progress: () => [event.stage_name, event.agent && `by ${event.agent}`, event.status],
    llm_interaction: () => [event.model_name, event.step_description, event.total_tokens > 0 && `${grouped(event.total_tokens)} tokens`],
    mcp_interaction: () => [[event.server_name, event.tool_name].filter(Boolean).join(' · '), event.step_description],
    mcp_tool_list: () => [event.server_name, event.step_description],
    session_deleted: () => ['It is gone with all that was in it.'],
    reset: () => ['Anything may have changed since.'],
  }[event.type]?.() ?? [];
  const failed = event.success === false || event.error_message;
  return [...parts, failed && (event.error_message || 'failed')].filter(Boolean).join(', ');
}

/** Events with others before them, newest first, at most so many. */
export const prepended = (events, more, most) => [...more.toReversed(), ...events].slice(0, most);
