// What of the settings is shown, and in which order. Pure functions.

const NAMES = {postgresql: 'PostgreSQL', sqlite: 'SQLite'};

/** The name of a room. */
export const groupName = group => NAMES[group] ?? `${group.charAt(0).toUpperCase()}${group.slice(1).replace(/_/g, ' ')}`;

/** Whether something else than the default was given. */
export const isChanged = setting => setting.source !== 'default';

const holds = (setting, want) => ['key', 'value', 'default', 'source', 'description', 'allowed', 'group']
  .some(field => String(setting[field] ?? '').toLowerCase().includes(want));

/**
 * Settings by room, in the order in which the server tells them: `[{group, settings}]`.
 *
 * @param find a text that stands in what is shown of a setting; the words may stand apart
 * @param changed whether only those that were given are shown
 */
export function groupedSettings(settings, {find = '', changed = false} = {}) {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map();
  for (const setting of settings) {
    if ((changed && !isChanged(setting)) || !words.every(word => holds(setting, word))) continue;
    if (!groups.has(setting.group)) groups.set(setting.group, []);
    groups.get(setting.group).push(setting);
  }
  return [...groups].map(([group, of]) => ({group, settings: of}));
}

const cell = value => value === null || value === undefined ? '–' : String(value).replace(/\s+/g, ' ');

/** The settings as a table of plain text. Secrets are redacted as the server has done it. */
export function settingsText(config, shown, when) {
  const rows = shown.flatMap(({settings}) => settings)
    .map(setting => [setting.key, cell(setting.value), cell(setting.source), cell(setting.default)]);
  const table = [['Setting', 'Value', 'Source', 'Default'], ...rows];
  const widths = [0, 1, 2].map(at => Math.min(60, Math.max(...table.map(row => row[at].length))));
  const lines = table.map(row => row.map((text, at) => at < 3 ? text.padEnd(widths[at]) : text).join('  ').trimEnd());
  const head = [`TARSy History: settings, ${when}`, ''];
  for (const {name, did_you_mean: meant} of config.unknown) head.push(`Unknown: ${name}${meant ? ` (did you mean ${meant}?)` : ''}`);
  for (const warning of otherWarnings(config)) head.push(`Warning: ${warning}`);
  return `${[...head, head.length > 2 ? '' : null, ...lines].filter(line => line !== null).join('\n')}\n`;
}

/** Warnings that do not only say again that a name is unknown. */
export const otherWarnings = config =>
  config.warnings.filter(warning => !config.unknown.some(({name}) => warning.startsWith(`${name} `)));

/** A description as `[{text, code}]`: what stands between backticks is code. */
export const described = text =>
  text.split('`').map((piece, at) => ({text: piece, code: at % 2 === 1})).filter(piece => piece.text);
