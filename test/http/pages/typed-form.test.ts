import { readForm } from '../../../src/http/pages/typed-form.ts';

const read = (body: string, trap: string | null = 'website2') => readForm(Buffer.from(body), trap);

it('reads names and values whichever way they are written', () => {
  const form = read('&&author=M%C3%ADna+Z%&%65mail=a@b.example&=x&&comment=سلام&comment=a=b&unknown=1&url&');
  expect(form).toMatchObject({ author: 'Mína Z%', email: 'a@b.example', comment: 'a=b', url: '', trap: '' });
  expect(Object.keys(form)).not.toContain('unknown');
});

it('reads the field that people do not see by its own name, also where that is another field’s', () => {
  expect(read('phone=1', 'phone')).toMatchObject({ trap: '1' });
  expect(Object.keys(read('phone=1', 'phone'))).not.toContain('phone');
  expect(read('url=x', 'url')).toMatchObject({ url: 'x', trap: 'x' });
  expect(read('website2=x', null)).toMatchObject({ trap: '' });
});

it('refuses bytes that are no UTF-8, in fields that nobody knows too', () => {
  expect(() => read('comment=a&unknown=%ff')).toThrow('malformed-json');
});
