import type { Bilingual } from '../command-line/language.ts';

export const HELP: Bilingual = {
  en: `npm run auditor -- SUBCOMMAND …     reads the audit log and proves what it says

  trace CASE | --number NUMBER [--json]            every record of a case over all departments, oldest first
  export CASE | --number NUMBER [--out FILE]       the same as a file with its proofs, for verify (standard output)
  accesses [--resident HANDLE] [--by IDENTITY] [--organisation CODE] [--request ID] [--from DAY] [--to DAY] [--json]
                                                   who saw what, newest first; the days count whole
  checkpoint [--out FILE]                          the newest signed tree head: keep it where the gateway cannot change it
  verify FILE --key KEY [--checkpoint FILE]        checks an exported trace without asking anybody; a line for each check.
                                                   KEY: the log's public key, or a file with it; --checkpoint: one kept by a witness

For all: --url ADDRESS (CASEGRAPH_URL, else http://localhost:4000)   --token TOKEN (CASEGRAPH_TOKEN; sent as Bearer)
         --lang zh|en (else LANG)   --patience SECONDS   how long one request is tried again (600)

Exit    0  found; every check holds
        1  nothing found; some check does not hold
        2  the command line or the file is not taken
        3  the gateway could not be reached or refused`,
  zh: `npm run auditor -- 子命令 …     查阅审计日志并核验其证明

  trace 办件标识 | --number 办件编号 [--json]            一个办件在各部门的全部记录，按时间先后
  export 办件标识 | --number 办件编号 [--out 文件]       同上，连同证明导出为文件，供verify核验（默认标准输出）
  accesses [--resident 居民标识] [--by 身份标识] [--organisation 部门编码] [--request 请求标识] [--from 日期] [--to 日期] [--json]
                                                       何人查阅了什么，最近的在前；日期含当日
  checkpoint [--out 文件]                              最新的签名检查点：请保存在网关无法改动之处
  verify 文件 --key 公钥 [--checkpoint 文件]           离线核验导出的追溯文件，每项核验一行。
                                                       公钥：日志的公钥或其文件；--checkpoint：见证方保存的检查点

通用：--url 地址（CASEGRAPH_URL，默认http://localhost:4000）   --token 令牌（CASEGRAPH_TOKEN，以Bearer发送）
      --lang zh|en（默认按LANG）   --patience 秒数   每个请求的重试时长（600）

退出码  0  已找到；核验全部成立
        1  未找到；有核验不成立
        2  命令行或文件不符合要求
        3  网关无法连接或拒绝`,
};
