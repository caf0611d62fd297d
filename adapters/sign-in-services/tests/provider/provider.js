// A certified OpenID provider on a free port of this machine, for as long as its standard input stays open.
//
//     node provider.js '{"clients": […], "portal_keys": ["ES256"]}'
//
// Its one line of output is JSON and says its issuer, and the private halves of the keys that were made for the portal. People
// sign in by posting a form to the page that they are sent to: `account`, and if wanted `acr`, `locale`, or `refuse`.

import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import Provider from 'oidc-provider';

const { clients, client_auth_methods: clientAuthMethods, portal_keys: portalKeys = [] } = JSON.parse(process.argv[2]);

// It warns of what is only right for tests; nobody listens after the first line.
console.info = console.warn = () => {};

const pair = (algorithm) =>
  algorithm === 'ES256'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 });

const made = portalKeys.map((algorithm) => ({ algorithm, ...pair(algorithm) }));
const published = made.map(({ algorithm, publicKey }) => ({
  ...publicKey.export({ format: 'jwk' }),
  kid: `portal-${algorithm}`,
  alg: algorithm,
  use: 'sig',
}));
for (const client of clients) {
  if (client.token_endpoint_auth_method === 'private_key_jwt') client.jwks = { keys: published };
}

const own = ['RS256', 'ES256'].map((algorithm) => ({
  ...pair(algorithm).privateKey.export({ format: 'jwk' }),
  kid: `own-${algorithm}`,
  use: 'sig',
}));

const locales = new Map();
const page = (body) => `<!DOCTYPE html><title>Sign in</title>${body}`;

const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients,
  clientAuthMethods,
  jwks: { keys: own },
  cookies: { keys: ['a test has no secrets'] },
  acrValues: ['urn:example:strong', 'urn:example:weak'],
  // The portal reads the ID token alone, so what it may know has to be there.
  conformIdTokenClaims: false,
  claims: { openid: ['sub', 'locale'], acr: null, auth_time: null, iss: null, sid: null },
  findAccount: (_, accountId) => ({
    accountId,
    claims: () => ({ sub: accountId, locale: locales.get(accountId) }),
  }),
  // Whoever runs a sign-in service for a tribunal has agreed to it once; nobody is asked again.
  async loadExistingGrant({ oidc }) {
    const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope('openid');
    await grant.save();
    return grant;
  },
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  features: {
    backchannelLogout: { enabled: true },
    devInteractions: { enabled: false },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = page(form);
      },
    },
  },
});

const answer = provider.callback();
server.on('request', async (request, response) => {
  if (!request.url.startsWith('/interaction/')) return answer(request, response);
  const { prompt, params } = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') {
    response.setHeader('content-type', 'application/json');
    return response.end(JSON.stringify({ prompt: prompt.name, reasons: prompt.reasons, params }));
  }
  const form = new URLSearchParams(await text(request));
  const accountId = form.get('account');
  if (form.has('locale')) locales.set(accountId, form.get('locale'));
  const result = form.has('refuse')
    ? { error: 'access_denied', error_description: 'the person turned back' }
    : { login: { accountId, acr: form.get('acr') ?? undefined } };
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
});

const keys = made.map(({ algorithm, privateKey }) => [
  algorithm,
  privateKey.export({ format: 'pem', type: 'pkcs8' }),
]);
console.log(JSON.stringify({ issuer, portal_keys: Object.fromEntries(keys) }));

process.stdin.resume().on('end', () => process.exit());
