import { describe, expect, test } from 'vitest';
import {
  parseRealEstateCertificate,
  splitRealEstateCertificate,
} from '../../../adapters/identifiers/real-estate-certificate.ts';

describe('a real-estate certificate number', () => {
  test.each([
    ['鄂(22)咸安区不动产权第0001234号', 'must begin with a province and a year of 4 digits in brackets'],
    ['鄂[2022]咸安区不动产权第0001234号', 'must begin with a province and a year of 4 digits in brackets'],
    ['鄂(2014)咸安区不动产权第0001234号', 'year before 2015 or after 2099'],
    ['鄂(2022)咸安区不动产权0001234号', 'must end with a serial of 6 to 9 digits'],
    ['鄂(2022)咸安区不动产权第1234号', 'must end with a serial of 6 to 9 digits'],
    ['鄂(2022)不动产权第0001234号', 'must name a place and the kind of paper'],
  ])('%s is refused with the reason "%s"', (text, reason) => {
    expect(() => parseRealEstateCertificate(text)).toThrow(
      expect.objectContaining({ identifier: 'RealEstateCertificate', reason }),
    );
  });

  test('comes apart into province, year, place, kind and serial', () => {
    expect(splitRealEstateCertificate(parseRealEstateCertificate('鄂（2022）咸安区不动产证明第0002210号'))).toEqual({
      province: '鄂',
      year: 2022,
      place: '咸安区',
      kind: 'proof',
      serial: '0002210',
    });
    expect(splitRealEstateCertificate(parseRealEstateCertificate('湘(2017)北湖不动产权第0034063号'))).toMatchObject({
      place: '北湖',
      kind: 'title',
    });
  });
});
