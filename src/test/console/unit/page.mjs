// As much of a page as lib/core.js asks for when it is imported.
process.env.TZ = 'Asia/Kolkata';

const listeners = [];
let hash = '';
/** How the address was changed, one entry a time. */
export const visits = [];

globalThis.location = {
  get hash() {
    return hash;
  },
  set hash(next) {
    hash = next;
    listeners.forEach(listener => listener());
  },
};
globalThis.history = {
  pushState: (state, title, to) => {
    hash = to;
    visits.push('push');
  },
  replaceState: (state, title, to) => {
    hash = to;
    visits.push('replace');
  },
};
globalThis.addEventListener = (type, listener) => type === 'hashchange' && listeners.push(listener);

export const core = await import('../../../main/webapp/lib/core.js');
