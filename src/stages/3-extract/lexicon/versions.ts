/**
 * Words that tell a corrected version from one that is only discussed, and an example from what is delivered, in
 * several languages.
 */

const r = String.raw;
const any = (...words: string[]): RegExp => new RegExp(words.join('|'), 'iu');
/** Words of languages with spaces, as whole words (a stem may go on). */
const whole = (...words: string[]): string => String.raw`(?<!\p{L})(?:${words.join('|')})`;

const corrected = any(
  whole(
    r`correct(?:ed|ion|ions|s|ly)?(?!\p{L})`,
    r`(?:fix|fixe[sd]|fixing)(?!\p{L})`,
    'revised',
    'repaired',
    'amended',
    r`(?:updated?|improved|final|working|right|proper|better|new) (?:\p{L}+ ){0,2}(?:version|code|implementation|function|class|file|module|definition|script|query)`,
    r`(?:should|must|has to|needs to) (?:be|read|look)(?!\p{L})`,
    r`(?:replace|overwrite|use (?:this|it) instead|supersede)`,
    r`(?:korrigiert|berichtigt|verbessert|korrektur|überarbeitet|richtige? version)`,
    r`(?:corrig|révisé|rectifi|version finale)`,
    r`(?:correg|arregl|versión (?:final|correcta|mejorada))`,
    r`(?:corre(?:ç|t)|versão (?:final|melhorada))`,
    r`(?:corretto|corretta|corregg|versione (?:finale|migliorata))`,
    r`(?:gecorrigeerd|verbeterd|herstel)`,
    r`(?:poprawion|naprawion)`,
    r`(?:исправл|исправь|правильн|верн(?:ый|ая|ое) верси|обновл[её]нн)`,
    r`(?:düzelt|güncellen)`,
    r`(?:виправлен)`,
  ),
  '修正|更正|纠正|订正|改正|修复|正确的?(?:版本|代码|实现)|訂正|直した|正しい|수정|고친|올바른|التصحيح|المصحح|सुधार',
);

const discussed = any(
  whole(
    r`alternative(?:ly)?`,
    r`(?:another|other|different|second|possible) (?:way|option|approach|version|variant|implementation|solution)`,
    'variant',
    r`instead of(?: the)?`,
    r`(?:could|would|might|can) (?:also|have|be|use|write|look|replace|swap)`,
    r`(?:naive|naïve|brute[- ]force)`,
    r`(?:reject|discard|dismiss|abandon)ed`,
    r`(?:(?:decid|choos|opt)(?:e|ed|ing)?|chose|chosen) (?:against|not)`,
    r`rul(?:e|ed|ing) (?:it )?out(?!\p{L})`,
    r`(?:slower|worse|shorter|simpler|longer|less)(?!\p{L})`,
    r`(?:before|previous(?:ly)?|original(?:ly)?|earlier|old(?:er)?|first)(?!\p{L})`,
    r`(?:don't|do not|never|avoid|not recommended|anti-?pattern)`,
    r`(?:wrong|incorrect|buggy|broken|bad|faulty)(?!\p{L})`,
    r`(?:considered|compare[sd]?|comparison|versus|vs)(?!\p{L})`,
    r`(?:for|as an?) (?:example|illustration|comparison|reference)`,
    r`if (?:you|we|one)`,
    r`(?:alternativ|andere variante|statt(?:dessen)?|vorher|ursprünglich|früher|verworfen|naiv|falsch|könnte|würde|zum vergleich)`,
    r`(?:autre (?:façon|version|solution)|au lieu de|avant|naïf|naïve|rejet|pourrait|ancien|comparaison)`,
    r`(?:otra (?:forma|versión|opción)|en lugar de|antes|ingenu|rechaz|descart|podría|anterior)`,
    r`(?:outra (?:forma|versão|opção)|em vez de|ingênu|rejeit|poderia)`,
    r`(?:un altro modo|invece di|prima|ingenu|scartat|potrebbe|precedente)`,
    r`(?:in plaats van|eerder|afgewezen|zou )`,
    r`(?:zamiast|wcześniej|odrzucon|mógłby)`,
    r`(?:альтернатив|вместо|раньше|до этого|прежн|наивн|отвергн|отклон|можно было|старая|старый|неправильн|неверн)`,
    r`(?:alternatif|yerine|önce|eski|reddedil)`,
  ),
  '替代|另一种|备选|而不是|之前|原来|旧的?(?:版本|代码)?|朴素|否决|放弃|错误的?(?:版本|写法|实现)|代わり|別の|以前|元の|却下|案として|대안|다른 방법|대신|이전|기존|البديل|بدلاً|विकल्प',
);

/** The clearest of those words: for code under a name that the answer gave to other code before. */
const rejected = any(
  whole(
    r`alternative(?:ly)?(?!\p{L})`,
    r`(?:reject|discard|dismiss)ed`,
    r`(?:naive|naïve|brute[- ]force)`,
    r`(?:before|previous(?:ly)?|original(?:ly)?|old)(?!\p{L})`,
    r`(?:don't|do not|never|avoid|not recommended|anti-?pattern)`,
    r`(?:wrong|incorrect|buggy|faulty)(?!\p{L})`,
    r`(?:alternativ|vorher|ursprünglich|verworfen|naiv|falsch)`,
    r`(?:alternative|avant|naïf|naïve|rejet)`,
    r`(?:alternativa|antes|ingenu|rechaz|descart|rejeit|scartat)`,
    r`(?:альтернатив|раньше|прежн|наивн|отвергн|отклон|неправильн)`,
  ),
  '替代|备选|之前|旧的|朴素|否决|放弃|错误的|以前|却下|대안|이전',
);

const example = any(
  whole(
    r`(?:example|sample|e\.g\.|for instance|illustrat\p{L}*|demonstrat\p{L}*|demo|usage|sketch|snippet|excerpt|pseudo-?code|try it|quick (?:check|test|try))`,
    r`(?:z\. ?b\.|beispiel\p{L}*|verwendung|benutzung|aufruf|skizze|auszug)`,
    r`(?:exemple|utilisation|extrait|esquisse)`,
    r`(?:ejemplo|uso|fragmento|extracto)`,
    r`(?:exemplo|trecho)`,
    r`(?:esempio|utilizzo|estratto)`,
    r`(?:bijvoorbeeld|voorbeeld|gebruik)`,
    r`(?:przykład|użyci)`,
    r`(?:пример|использовани|фрагмент|демонстрац)`,
    r`(?:örnek|örneğin|kullanım)`,
    r`(?:приклад)`,
  ),
  '例如|比如|示例|例子|用法|片段|演示|例えば|使用例|使い方|抜粋|サンプル|예를 들어|예시|예제|사용법|مثال|استخدام|उदाहरण',
);

/** The rest of a file of which a part was shown. */
const rest = any(
  whole(
    r`(?:the )?(?:rest|remainder|remaining (?:part|code|functions?|methods?|half)|second (?:half|part)|other half|continuation) of`,
    r`(?:continued|continuing|cont(?:inue)?d?\.)(?!\p{L})`,
    r`(?:der rest|fortsetzung|fortgesetzt|zweiter teil)`,
    r`(?:le reste|la suite|suite de|suite et fin)`,
    r`(?:el resto|continuación|continuacion)`,
    r`(?:o restante|continuação)`,
    r`(?:il resto|continua(?:zione)?)`,
    r`(?:de rest van|vervolg)`,
    r`(?:reszta|ciąg dalszy)`,
    r`(?:остальн|продолжени|остаток)`,
    r`(?:devamı|geri kalanı)`,
    r`(?:решта|продовження)`,
  ),
  '其余|剩余|剩下|余下|续|后半部分|残り|続き|나머지|계속|بقية|تتمة|शेष',
);

/** "(part 2)", "2/3": a number behind the name. */
const numberedPart =
  /\(\s*(?:part|teil|partie|parte|часть|część|deel|第)?\s*([2-9])\s*(?:\/|of|von|de|di|из|部分|部)?\s*\d?\s*\)/i;

/** Whether words present code as the correction of what came before. The sentence that introduces it counts most. */
export function saysCorrected(introduction: string, before: string): boolean {
  if (discussed.test(introduction)) return false;
  if (corrected.test(introduction)) return true;
  return corrected.test(before) && !discussed.test(before);
}

/** Whether words present code as a version that is only discussed: an alternative, what was before. */
export const saysDiscussed = (text: string): boolean => discussed.test(text) && !corrected.test(text);

/** Whether words present code as an example or a use. */
export const saysExample = (text: string): boolean => example.test(text);

/** Whether words present code as the rest of a file. */
export const saysRest = (text: string): boolean => rest.test(text) || numberedPart.test(text);

/** Whether words call code a version that was given up or comes before. */
export const saysRejected = (text: string): boolean => rejected.test(text) && !corrected.test(text);
