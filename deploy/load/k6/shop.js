// Visits of a bookstore through its pages, for k6:
//
//   go run go.k6.io/k6@v1.8.1 run -e TARGET=https://books.example.com -e PROFILE=load shop.js
//
// README.md in the folder above tells what the profiles are and how to read the
// result. Each virtual user is one browser, which stays signed in between visits.
import http from 'k6/http';
import { check, group, sleep } from 'k6';
import exec from 'k6/execution';
import { Counter } from 'k6/metrics';
import { options as profile } from './profiles.js';

export const options = profile;

const target = (__ENV.TARGET || '').replace(/\/+$/, '');
if (!target) throw new Error('TARGET must be the address of the shop, such as https://books.example.com');
const think = Number(__ENV.THINK || 1); // times the usual pauses

// A refusal, such as a copy that somebody else has bought meanwhile, is no failure.
http.setResponseCallback(http.expectedStatuses({ min: 200, max: 399 }, 409, 422, 429));

// Answers 429: the shop's limit for one client's network, not what it can carry.
const throttled = new Counter('throttled');
const isThrottled = (answer) => {
  if (answer.status === 429) throttled.add(1);
  return answer.status === 429;
};

const words = ['lighthouse', 'river', 'winter', 'letters', 'sea', 'garden', 'train', 'island', 'don quijote', 'the'];
const address = { name: 'Ana Torres', line1: 'Calle 10 # 5-51', city: 'Bogotá', region: 'Bogotá', country: 'CO' };
const card = { method: 'card', number: '4242424242424242', exp_month: '12', exp_year: '2099', cvc: '123' };

// What this user's browser is.
let signedIn = false;
let sells = false;

const pick = (list) => list[Math.floor(Math.random() * list.length)];
const pause = () => sleep(think * (1 + 4 * Math.random()));

// open loads a page, whose address is counted under name.
function open(path, name) {
  const page = http.get(target + path, { tags: { name: name || path } });
  if (!isThrottled(page)) check(page, { 'the page is there': (p) => p.status === 200 && p.body.includes('</html>') });
  pause();
  return page;
}

// send fills in the form of a page that is sent to action, and sends it. It
// returns null if the page has no such form.
function send(page, action, name, filled) {
  const form = page.html().find(`form[action="${action}"]`).first();
  if (form.size() === 0) return null;
  const pairs = fields(form).filter(([field]) => !(field in filled)).concat(Object.entries(filled));
  const body = pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
  const answer = http.post(target + action, body, {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, tags: { name },
  });
  isThrottled(answer);
  pause();
  return answer;
}

// fields returns what a browser would send of a form if nothing were filled in.
function fields(form) {
  const pairs = [];
  form.find('input[name], select[name], textarea[name]').toArray().forEach((input) => {
    const choice = ['radio', 'checkbox'].includes(input.attr('type'));
    if (choice && input.attr('checked') === undefined || input.attr('type') === 'file') return;
    pairs.push([input.attr('name'), input.val() || '']);
  });
  return pairs;
}

// books returns where the books of a list lead.
function books(page) {
  const links = page.html().find('a[href^="/books/"]').map((i, a) => a.attr('href'));
  return links.filter((href) => /^\/books\/\d+$/.test(href));
}

export function browse() {
  group('browse', () => {
    open('/');
    const found = books(open('/books'));
    for (let i = 0; i < 2 && found.length > 0; i++) open(pick(found), '/books/{id}');
  });
}

export function search() {
  group('search', () => {
    const query = encodeURIComponent(pick(words));
    const found = books(open(`/books?q=${query}`, '/books?q='));
    open(`/books?q=${query}&sort=price_asc&in_stock=true`, '/books?q=');
    if (found.length > 0) open(pick(found), '/books/{id}');
  });
}

export function signUp() {
  if (signedIn) return;
  group('sign up', () => {
    const email = `k6-${exec.vu.idInTest}-${Date.now()}-${Math.floor(1e6 * Math.random())}@${__ENV.MAIL_DOMAIN || 'example.com'}`;
    const answer = send(open('/register'), '/register', '/register', { name: 'K6 Reader', email, password: 'a long enough one' });
    signedIn = check(answer, { 'signed up': (a) => a !== null && a.status === 200 });
    check(open('/account'), { 'the account is shown': (a) => a.body.includes(email) });
  });
}

export function sell() {
  signUp();
  group('sell', () => {
    if (!sells) {
      const name = `K6 Books ${exec.vu.idInTest} ${Math.floor(1e6 * Math.random())}`;
      const answer = send(open('/selling'), '/selling', '/selling', { seller_name: name });
      sells = check(answer, { 'sells': (a) => a !== null && a.status === 200 });
    }
    const answer = send(open('/selling/books/new'), '/selling/books/new', '/selling/books/new', {
      title: `A ${pick(words)} for K6`, authors: 'K. Six', category: 'classics', language: 'en', condition: 'good', price: '8.50', stock: '20',
    });
    check(answer, { 'a book is listed': (a) => a !== null && a.status === 200 && !a.url.endsWith('/new') });
    open('/selling/orders');
  });
}

export function buy() {
  signUp();
  group('buy', () => {
    const found = books(open('/books?in_stock=true', '/books'));
    if (found.length === 0) return;
    send(open(pick(found), '/books/{id}'), '/cart', '/cart', { quantity: '1' });
    const paying = send(open('/checkout'), '/checkout', '/checkout', address);
    if (paying === null || paying.status !== 200) return; // the book was just sold, or is this user's own
    check(paying, { 'the order is placed': (a) => /\/orders\/[^/]+\/payment$/.test(a.url) });
    const path = paying.url.replace(target, '');
    const paid = send(paying, path, '/orders/{id}/payment', card);
    check(paid, { 'the order is paid': (a) => a !== null && a.status === 200 });
    open(path.replace('/payment', ''), '/orders/{id}');
  });
}

// mix is one visit, each kind as often as in a shop's day.
export function mix() {
  const n = 100 * Math.random();
  if (n < 50) browse();
  else if (n < 80) search();
  else if (n < 83) signUp();
  else if (n < 87) sell();
  else buy();
}
