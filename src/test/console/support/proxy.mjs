// A way to the server that a test can close, and that puts it below a path as another server in front of it would.
import http from 'node:http';
import {ROOT} from './server.mjs';

/**
 * Begins to pass requests on.
 *
 * @param under the path below which the server is found
 * @return `{root, stop, start, close}`: stopped, connections are refused, and those that were open are cut
 */
export async function proxy(under = '/') {
  let port = 0;
  let server = null;
  const pass = (request, answer) => {
    if (!request.url.startsWith(under)) {
      answer.writeHead(404).end();
      return;
    }
    const onward = http.request({
      host: ROOT.hostname, port: ROOT.port, method: request.method, path: `/${request.url.slice(under.length)}`,
      headers: {...request.headers, host: ROOT.host, 'x-forwarded-host': request.headers.host},
    }, given => {
      answer.writeHead(given.statusCode, given.headers);
      given.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    request.pipe(onward);
  };
  const start = () => new Promise(resolve => {
    server = http.createServer(pass).listen(port, '127.0.0.1', () => {
      port = server.address().port;
      resolve();
    });
  });
  const stop = () => new Promise(resolve => {
    server.close(resolve);
    server.closeAllConnections();
  });
  await start();
  return {root: new URL(`http://127.0.0.1:${port}${under}`), start, stop, close: () => server.listening ? stop() : undefined};
}
