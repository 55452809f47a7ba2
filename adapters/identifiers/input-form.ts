/**
 * What people type, brought to the form the wire uses: full-width characters (全角) become half-width and surrounding
 * white space goes (identifiers.md, general rule). Applied to user input only: on the wire anything else than the final
 * form is refused.
 *
 * @example inputForm(' １３８00000000 ') // '13800000000'
 */
export function inputForm(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0))
    .replaceAll('\u3000', ' ')
    .trim();
}

/**
 * The same for identifiers written in capitals. Only a–z are raised: the language's own upper case would turn ı and ſ
 * into the letters I and S and let a wrong identifier pass.
 *
 * @example upperInputForm('42120219870605991x') // '42120219870605991X'
 */
export function upperInputForm(text: string): string {
  return inputForm(text).replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}
