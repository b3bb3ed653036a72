// Every setting: the value that holds, where it came from, what it means. Nothing is changed here.
import {html, useEffect, useRef} from '../vendor/preact.js';
import {amend, api, count, exactTime, href, plural, preferences, useLoad, useStore} from '../lib/core.js';
import {Button, Copy, Icon, Loaded, Title, found, stylesheet, useKeys} from '../lib/ui.js';
import {described, groupName, groupedSettings, isChanged, otherWarnings, settingsText} from './settings.js';

export const ready = () => stylesheet('configuration.css', import.meta.url);

export function View({route}) {
  const loaded = useLoad('config', signal => api('system/config', {signal}));
  return html`<div class="configuration"><${Title}>Configuration</${Title}>
    <${Loaded} of=${loaded}>${config => html`<${Settings} config=${config} params=${route.params}
      loaded=${loaded} />`}</${Loaded}></div>`;
}

function Settings({config, params, loaded}) {
  const zone = useStore(preferences, value => value.zone);
  const field = useRef(null);
  const find = params.get('find') ?? '';
  const changed = params.get('changed') === '1';
  const key = params.get('key');
  const groups = groupedSettings(config.settings, {find, changed});
  const shown = groups.reduce((sum, {settings}) => sum + settings.length, 0);
  const given = config.settings.filter(isChanged).length;
  useKeys({'/': () => field.current.focus()});
  useEffect(() => {
    // a link to one setting: there it stands, whatever is filtered
    if (key) document.getElementById(key)?.scrollIntoView({block: 'center'});
  }, [key]);
  return html`<p class="quiet">Settings are read once, at the start: a change takes effect after a restart. Secrets are not shown.
      ${' '}<a href="docs/configuration.md">How settings are given</a></p>
    <${Unknown} config=${config} />
    <div class="row filter"><search class="row">
      <label>Filter <input ref=${field} type="search" value=${find} placeholder="name, value or meaning"
        onInput=${event => amend({find: event.target.value, key: null}, {replace: true})} /></label>
        <label><input type="checkbox" checked=${changed}
          onChange=${event => amend({changed: event.target.checked ? 1 : null, key: null}, {replace: true})} /> Only changed (${count(given)})</label></search>
      <span class="quiet grow" role="status">
        ${plural(shown, 'setting')}${shown < config.settings.length ? ` of ${count(config.settings.length)}` : ''}</span>
      <${Button} icon="reload" kind="quiet" label="Load again" onClick=${loaded.reload} />
      <${Copy} label="Copy the settings shown as text, without secrets"
        text=${() => settingsText(config, groups, exactTime(Date.now() * 1_000, zone))}>Copy as text</${Copy}></div>
    ${key && !config.settings.some(setting => setting.key === key) && html`<p class="note">
      <${Icon} name="alert" /> There is no setting <code>${key}</code>.</p>`}
    ${groups.length === 0 && html`<p>No setting is like that. <a href=${href(['configuration'])}>All settings</a></p>`}
    ${groups.map(({group, settings}) => html`<section key=${group} class="card" aria-labelledby=${`group-${group}`}>
      <h2 id=${`group-${group}`}>${groupName(group)} <span class="pill">${count(settings.length)}</span></h2>
      <dl class="settings">${settings.map(setting => html`<${Setting} key=${setting.key} setting=${setting}
        find=${find.trim()} chosen=${setting.key === key} />`)}</dl></section>`)}`;
}

/** What was set and is read by nobody, and what does not fit together. */
function Unknown({config}) {
  const warnings = otherWarnings(config);
  if (config.unknown.length === 0 && warnings.length === 0) return null;
  return html`<section class="card unknown" aria-labelledby="unknown"><h2 id="unknown">
    <${Icon} name="alert" /> To be looked at</h2><ul>
    ${config.unknown.map(({name, did_you_mean: meant}) => html`<li key=${name}><code>
      ${name}</code> is set and read by nobody.${meant && html` Did you mean <a
        href=${href(['configuration'], {key: meant})}><code>${meant}</code></a>?`}</li>`)}
    ${warnings.map(warning => html`<li key=${warning}>${warning}</li>`)}</ul></section>`;
}

const Value = ({value}) => value === null ? html`<span class="quiet">not set</span>` : value === '' ? html`<span
  class="quiet">empty</span>` : html`<code>${value}</code>`;

function Setting({setting, find, chosen}) {
  const changed = isChanged(setting);
  return html`<div class=${`setting ${changed ? 'changed' : ''} ${chosen ? 'chosen' : ''}`} id=${setting.key}>
    <dt><code>${found(setting.key, find)}</code> <a class="here" href=${href(['configuration'], {key: setting.key})}
      aria-label=${`Link to ${setting.key}`} aria-current=${chosen ? 'true' : null}><${Icon} name="link" /></a></dt>
    <dd class="value"><${Value} value=${setting.value} />${setting.secret && html` <span class="quiet secret">
      <${Icon} name="lock" /> secret</span>`}</dd>
    <dd class="from">${changed ? html`<strong>${found(setting.source ?? 'unknown', find)}</strong><br />
      <span class="quiet">default: <${Value} value=${setting.default} />
      </span>` : html`<span class="quiet">default</span>`}</dd>
    <dd class="means">${described(setting.description).map(({text, code}) => code ? html`<code>
      ${found(text, find)}</code>` : found(text, find))} <span
        class="quiet">Allowed: ${setting.allowed}.${setting.restart_needed ? ' Needs a restart.' : ' Takes effect at once.'}</span></dd></div>`;
}
