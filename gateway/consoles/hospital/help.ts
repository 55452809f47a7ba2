import type { Bilingual } from '../command-line/language.ts';

export const HELP: Bilingual = {
  en: `npm run hospital -- SUBCOMMAND …     posts a hospital's documents and follows them

  post FILE --operator ACCOUNT       posts the entries of a file; run again, it goes on where it stopped
      --fees FILE        the fees of maternity settlements, where they are a table of their own
      --wait             follows every posting until it has ended (--wait-at-most MINUTES, 720)
      --atomic           all entries of a batch or none
      --batch N          entries in a request, 1 to 1000 (100)    --in-flight N   requests at once, 1 to 8 (2)
      --result FILE      where the results are written (FILE.result.ndjson)
      --fresh            puts the result file aside and posts the file anew
      --check            reads the file and sends nothing
      --encoding E       utf-8, gb18030, utf-16le or utf-16be, where the file does not tell
      --ignore COLUMN    a column of the table that is not for us; may be repeated
  status [DOCUMENT[@VERSION] …] [--file RESULT] [--state S …] [--from DAY] [--to DAY] [--hospital CODE] [--json]
  receipt DOCUMENT[@VERSION] | --file RESULT  [--verify [--keys FILE]]     the signed receipt; FILE: JWK, JWK set or PEM
  template referral|maternity|book [--csv|--ndjson] [--fees] [--encoding E] [--out FILE]
  reconcile --operator ACCOUNT --from DAY --to DAY [--file BOOK] [--csv OUT] [--pdf OUT]
      BOOK: the hospital's own table of settlements; days have to be past; OUT: the differences, the finance office's statement

For all: --url ADDRESS (CASEGRAPH_URL, else http://localhost:4000)   --token TOKEN (CASEGRAPH_TOKEN; sent as Bearer)
         --lang zh|en (else LANG)   --patience SECONDS   how long one request is tried again (600)
         CASEGRAPH_OPERATOR stands for --operator.

Files   NDJSON: one entry a line, an object: "kind" (REFERRAL or MATERNITY_SETTLEMENT) and the members of the input of postReferral or
        postMaternitySettlement; money in fen. CSV: comma, tab or semicolon; headers in Chinese or English as \`template\` shows them;
        amounts in yuan under a header that says so; days 2026-11-24 or 2026/11/24. Lines that begin with # are left out.
        Maternity in CSV: one row for each fee, with the settlement's cells repeated or, after its first row, empty (the document's number
        on every row); or two tables: FILE with one row for each settlement, --fees with one for each fee and its document's number.
        Nothing is sent while any line of the file is wrong. What only the gateway can tell is told entry by entry.
Result  One JSON a line: what the file was; for each entry index, line, document, status, postingId, receipt, code, path, message; with --wait
        also its end (state, settledAt, outcome, failure).

Exit    0  all entries are stored or were before (with --wait: settled); all found, good, equal
        1  some are refused, held, rejected or for a person; not found; not good; some amounts differ
        2  the command line or the file is not taken; nothing was sent
        3  the gateway could not be reached, refused a request as a whole, or did not do all: mend what the message says and run the same
           command again`,
  zh: `npm run hospital -- 子命令 …     医院单据报送与跟踪

  post 文件 --operator 账号          报送文件中的条目；中断后再次执行即从断点继续
      --fees 文件        生育结算的费用明细另成一表时使用
      --wait             跟踪到每条办结为止（--wait-at-most 分钟，默认720）
      --atomic           同一批次全部成功或全部不受理
      --batch N          每次请求条数，1至1000（默认100）    --in-flight N   同时请求数，1至8（默认2）
      --result 文件      结果文件（默认为 文件名.result.ndjson）
      --fresh            另存已有结果文件并重新报送
      --check            只检查文件，不发送
      --encoding 编码    utf-8、gb18030、utf-16le或utf-16be；默认自动识别
      --ignore 列名      忽略表中与报送无关的列，可重复
  status [单据号[@版本] …] [--file 结果文件] [--state 状态 …] [--from 日期] [--to 日期] [--hospital 机构编号] [--json]
  receipt 单据号[@版本] | --file 结果文件  [--verify [--keys 公钥文件]]     签名回执及验签；公钥可为JWK、JWK集合或PEM
  template referral|maternity|book [--csv|--ndjson] [--fees] [--encoding 编码] [--out 文件]     生成模板（转诊|生育|账目）
  reconcile --operator 账号 --from 日期 --to 日期 [--file 医院账目] [--csv 输出] [--pdf 输出]     对账
      医院账目为本院结算记录表；日期须为过去；输出分别为差异明细和财务对账单

通用：--url 网关地址（CASEGRAPH_URL，默认http://localhost:4000）   --token 令牌（CASEGRAPH_TOKEN，以Bearer发送）
      --lang zh|en（默认按LANG）   --patience 秒   每个请求最长重试时间（默认600）
      CASEGRAPH_OPERATOR可代替--operator。

文件  NDJSON：每行一个对象，"kind"为REFERRAL（转诊）或MATERNITY_SETTLEMENT（生育结算），其余成员同postReferral、
      postMaternitySettlement的输入，金额单位为分。CSV：逗号、制表符或分号分隔；列名中英文均可，见template；
      金额单位为元（列名中注明）；日期如2026-11-24或2026/11/24。以#开头的行忽略。
      生育结算CSV：每条费用一行，单据各列逐行重复，或首行之后留空（单据号每行必填）；也可用两张表：
      文件中每单据一行，--fees中每条费用一行并注明单据号。
      文件有任何一处格式错误时不发送任何数据；须由网关判断的内容逐条反馈。
结果  每行一个JSON：首行为文件信息；每条目含index、line、document、status、postingId、receipt、code、path、message；
      使用--wait时另记办结结果（state、settledAt、outcome、failure）。

退出码  0  全部受理或此前已受理（--wait：全部完成）；全部找到、有效、一致
        1  部分被拒收、未受理、未成功或待人工处理；未找到；无效；金额有差异
        2  命令或文件有误，未发送任何数据
        3  无法连接网关、请求整体被拒绝或未全部完成：按提示处理后再次执行同一命令即可`,
};
