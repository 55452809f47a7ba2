/** The check page of one proof. Every text stands in the page, in both languages; here is only which of them is shown. */
const LARGEST_FILE_BYTES = 50 * 1_048_576;
const WAIT_MS = 20_000;

const element = (id) => document.getElementById(id);
const [form, file, digest, outcome] = ['form', 'file', 'digest', 'outcome'].map(element);

/** The digest of the chosen file, as soon as it is known: one that was typed says nothing about a file. */
let ofFile = Promise.resolve(undefined);
/** Counts what was chosen or typed: a digest that comes late is not written over it. */
let choice = 0;
/** Counts that and the checks: what one of them told is not shown for another. */
let turn = 0;

element('language').addEventListener('click', () => speak(document.documentElement.lang === 'en' ? 'zh-CN' : 'en'));
file.addEventListener('change', () => {
  choose();
  digest.value = '';
  ofFile = digestOf(file.files[0], choice);
});
digest.addEventListener('input', choose);
digest.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter') return;
  event.preventDefault();
  form.requestSubmit();
});
form.addEventListener('submit', (event) => {
  event.preventDefault();
  check();
});
if (!/^zh\b/i.test(navigator.language)) speak('en');

function speak(language) {
  document.documentElement.lang = language;
}

function choose() {
  choice += 1;
  begin();
}

/** Takes away what was shown. */
function begin() {
  turn += 1;
  outcome.replaceChildren();
  fault(digest);
  fault(file);
  return turn;
}

async function check() {
  const mine = begin();
  outcome.replaceChildren(copy('checking'));
  const chosen = await ofFile;
  if (mine !== turn) return;
  outcome.replaceChildren();
  const typed = digest.value.replace(/\s/g, '').toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(typed)) {
    fault(digest, 'digest-malformed', { typed: [...typed].length });
    digest.focus();
    return;
  }
  outcome.replaceChildren(copy('checking'));
  const shown = await ask(typed)
    .then((answer) => told(answer, typed === chosen))
    .catch(() => copy('unavailable'));
  if (mine === turn) outcome.replaceChildren(shown);
}

/** What the gateway answers, and the moment at which it did. Rejects when it does not. */
async function ask(typed) {
  // Relative: the page may stand below a path of its own behind a proxy.
  const response = await fetch('../graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json' },
    body: JSON.stringify({
      query: form.dataset.query,
      variables: { number: element('number').textContent, digest: typed },
    }),
    signal: AbortSignal.timeout(WAIT_MS),
  });
  const { data, errors = [] } = await response.json();
  // A number that cannot be, such as one of a 30th of February, was never issued.
  if (errors.some(({ extensions }) => extensions?.code === 'INVALID_INPUT' && extensions.field === 'number'))
    return { proof: { issuedHere: false, unaltered: false } };
  if (!data?.checkProof) throw new Error('no answer');
  return { proof: data.checkProof, at: new Date(response.headers.get('date') ?? Date.now()) };
}

function told({ proof, at }, aboutFile) {
  if (!proof.issuedHere) return copy('not-issued');
  if (!proof.unaltered) return copy(aboutFile ? 'altered' : 'digest-differs');
  const { issuedAt, validUntil } = proof;
  const shown = copy(aboutFile ? 'unaltered' : 'digest-agrees');
  shown.firstElementChild.append(copy('dates', { issuedAt: issuedAt.slice(0, 16).replace('T', ' '), validUntil }));
  const today = at.toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });
  if (validUntil < today) shown.firstElementChild.append(copy('expired'));
  return shown;
}

/** One of the page's texts, its gaps filled. */
function copy(id, values = {}) {
  const made = element(id).content.cloneNode(true);
  for (const gap of made.querySelectorAll('[data-value]')) gap.textContent = values[gap.dataset.value];
  return made;
}

/** Says what is wrong with a field; without an id, that nothing is. */
function fault(field, id, values) {
  field.setAttribute('aria-invalid', String(id !== undefined));
  element(`${field.id}-fault`).replaceChildren(...(id === undefined ? [] : [copy(id, values)]));
}

/** SHA-256 of a file; undefined, with the reason told, where there is none. */
async function digestOf(chosen, mine) {
  if (!chosen) return undefined;
  if (chosen.size > LARGEST_FILE_BYTES) {
    fault(file, 'file-too-large');
    return undefined;
  }
  try {
    const bytes = await chosen.arrayBuffer();
    // Browsers have it on https and localhost only.
    const hash = crypto.subtle ? new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)) : sha256(bytes);
    const text = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
    if (mine === choice) digest.value = text;
    return text;
  } catch {
    if (mine === choice) fault(file, 'file-unreadable');
    return undefined;
  }
}

/** SHA-256 (FIPS 180-4) of an `ArrayBuffer` below 512 MB. */
function sha256(buffer) {
  const padded = new Uint8Array(Math.ceil((buffer.byteLength + 9) / 64) * 64);
  padded.set(new Uint8Array(buffer));
  padded[buffer.byteLength] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, buffer.byteLength * 8);
  const primes = firstPrimes(64);
  const constants = primes.map((prime) => fraction(Math.cbrt(prime)));
  const state = Uint32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
  const turned = (word, by) => (word >>> by) | (word << (32 - by));
  const words = new Uint32Array(64);
  for (let start = 0; start < padded.length; start += 64) {
    for (let index = 0; index < 16; index += 1) words[index] = view.getUint32(start + index * 4);
    for (let index = 16; index < 64; index += 1) {
      const [early, late] = [words[index - 15], words[index - 2]];
      const small = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
      const large = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
      words[index] = words[index - 16] + small + words[index - 7] + large;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let index = 0; index < 64; index += 1) {
      const mixed = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
      const first = (h + mixed + ((e & f) ^ (~e & g)) + constants[index] + words[index]) | 0;
      const second = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
    }
    for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) state[index] += word;
  }
  const hash = new DataView(new ArrayBuffer(32));
  for (const [index, word] of state.entries()) hash.setUint32(index * 4, word);
  return new Uint8Array(hash.buffer);
}

/** The first 32 bits after the point: 53 bits of a number hold them for every root that is needed here. */
function fraction(number) {
  return ((number % 1) * 0x1_0000_0000) | 0;
}

function firstPrimes(count) {
  const primes = [];
  for (let number = 2; primes.length < count; number += 1) {
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  }
  return primes;
}
