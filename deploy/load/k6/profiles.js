// How many visits begin when. PROFILE is one of these, RATE the visits that begin
// in a second in an hour of usual business: an arrival rate, which does not fall
// when the shop gets slow.
const rate = Number(__ENV.RATE || 10);

// A visit takes some twenty seconds, most of it thinking.
const visits = (stages) => ({
  visits: {
    executor: 'ramping-arrival-rate', exec: 'mix', timeUnit: '1s', startRate: 1,
    preAllocatedVUs: Math.ceil(rate * 30), maxVUs: Math.ceil(rate * 200), stages,
  },
});

const at = (share, duration) => ({ target: Math.max(1, Math.round(rate * share)), duration });

const once = (exec) => ({ executor: 'per-vu-iterations', exec, vus: 1, iterations: 2, maxDuration: '3m' });

const scenarios = {
  // Every kind of visit works at all.
  smoke: { browse: once('browse'), search: once('search'), signUp: once('signUp'), sell: once('sell'), buy: once('buy') },
  // A usual day: long enough for the group of instances to settle.
  load: visits([at(1, '5m'), at(1, '20m'), at(0, '2m')]),
  // Step by step to where it breaks; at each step the group may add an instance.
  stress: visits([at(1, '5m'), at(2, '2m'), at(2, '8m'), at(4, '2m'), at(4, '8m'), at(8, '2m'), at(8, '8m'), at(0, '2m')]),
  // A mention on television, which no group of instances is quick enough for.
  spike: visits([at(0.5, '2m'), at(5, '20s'), at(5, '5m'), at(0.5, '20s'), at(0.5, '5m')]),
  // Hours, for what leaks and fills up.
  soak: visits([at(0.7, '5m'), at(0.7, '4h'), at(0, '2m')]),
};

// The second percentile is where the alarm SlowRequests begins.
const quick = {
  checks: ['rate>0.99'],
  http_req_failed: ['rate<0.01'],
  http_req_duration: ['p(95)<800', 'p(99)<2000'],
  dropped_iterations: ['count==0'],
};

const thresholds = {
  smoke: { checks: ['rate==1'], http_req_failed: ['rate==0'] },
  load: quick,
  // Slow is to be expected then; lost is not.
  stress: { http_req_failed: ['rate<0.05'] },
  spike: { http_req_failed: ['rate<0.05'] },
  soak: quick,
};

const profile = __ENV.PROFILE || 'smoke';
if (!scenarios[profile]) throw new Error(`PROFILE must be one of ${Object.keys(scenarios).join(', ')}`);

export const options = {
  scenarios: scenarios[profile],
  thresholds: thresholds[profile],
  noCookiesReset: true,
  summaryTrendStats: ['med', 'p(90)', 'p(95)', 'p(99)', 'max'],
  userAgent: 'Bookstore load test (k6)',
};
