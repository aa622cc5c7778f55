import { namesIn } from './name-table.js';

/** What companies are called in the demo: a word of nature and a trade. */
export const COMPANY_WORDS = namesIn(`
青葉 アオバ aoba
朝日野 アサヒノ asahino
若竹 ワカタケ wakatake
白川 シラカワ shirakawa
黒潮 クロシオ kuroshio
松風 マツカゼ matsukaze
花園 ハナゾノ hanazono
雪村 ユキムラ yukimura
春日野 カスガノ kasugano
夕凪 ユウナギ yunagi
銀河 ギンガ ginga
北斗 ホクト hokuto
緑丘 ミドリオカ midorioka
千歳 チトセ chitose
瑞穂野 ミズホノ mizuhono
青嵐 セイラン seiran
海鳴 ウミナリ uminari
星影 ホシカゲ hoshikage
山彦 ヤマビコ yamabiko
霧島台 キリシマダイ kirishimadai
`);

export const TRADES = namesIn(`
商事 ショウジ shoji
物産 ブッサン bussan
工業 コウギョウ kogyo
電機 デンキ denki
運輸 ウンユ unyu
建設 ケンセツ kensetsu
製作所 セイサクショ seisakusho
設計 セッケイ sekkei
印刷 インサツ insatsu
食品 ショクヒン shokuhin
投資 トウシ toshi
企画 キカク kikaku
情報 ジョウホウ joho
薬品 ヤクヒン yakuhin
不動産 フドウサン fudosan
`);
