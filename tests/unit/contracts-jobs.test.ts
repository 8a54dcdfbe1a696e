import {
  ERROR_CATALOGUE,
  isJobName,
  JOB_CATALOGUE,
  openJob,
  problemOf,
  problemSchema,
  sealJob,
} from '@bonafide/contracts';

const payload = { tenant: 'default', analysis_id: '01a20a3e-848a-72df-a3df-9a4ae721c4c4' };

test('When a job is sealed and opened, then its payload is what it was', () => {
  expect(openJob('analysis.run', sealJob('analysis.run', payload))).toEqual(payload);
});

test.each([
  ['its payload names no analysis', { version: 1, payload: { tenant: 'default' } }],
  ['its tenant could leave its folder', { version: 1, payload: { ...payload, tenant: '../other' } }],
  ['its version is another one', { version: 2, payload }],
  ['it is no envelope', payload],
])('When a job is opened and %s, then it is refused', (_what, data) => {
  expect(() => openJob('analysis.run', data)).toThrow();
});

test('When a payload carries more than ids, then the rest does not reach the queue', () => {
  const sealed = sealJob('analysis.run', { ...payload, report: { big: true } } as typeof payload);
  expect(sealed).toEqual({ version: 1, payload });
});

test('When a name is asked for, then only the catalogue counts', () => {
  expect(Object.keys(JOB_CATALOGUE).every(isJobName)).toBe(true);
  expect(isJobName('toString')).toBe(false);
});

test.each(Object.entries(ERROR_CATALOGUE))(
  'When the code is %s, then its problem document is whole',
  (code, entry) => {
    const problem = problemSchema.parse(
      problemOf(code as keyof typeof ERROR_CATALOGUE, 'words', 'request-1'),
    );
    expect(problem).toMatchObject({ code, status: entry.status, title: entry.title });
    expect(entry.retryable).toBe(
      [408, 429, 500, 503, 507].includes(entry.status) && code !== 'worker_crashed',
    );
  },
);
