/** Names of the platform's codes (medical-insurance 3.2 and 3.11). A code without a name here is shown as a code only. */

/** insutype 险种类型. */
export const INSURANCE_KINDS: Readonly<Record<string, string>> = {
  '310': '职工基本医疗保险',
  '320': '公务员医疗补助',
  '330': '大额医疗费用补助',
  '340': '离休人员医疗保障',
  '390': '城乡居民基本医疗保险',
  '510': '生育保险',
};

/** fund_pay_type 基金支付类型. */
export const FUND_TYPES: Readonly<Record<string, string>> = {
  '310100': '职工基本医疗保险统筹基金',
  '310200': '职工基本医疗保险个人账户基金',
  '320100': '公务员医疗补助基金',
  '330100': '大额医疗费用补助基金',
  '390100': '城乡居民基本医疗保险基金',
  '390200': '城乡居民大病医疗保险资金',
  '410100': '工伤保险基金',
  '510100': '生育基金',
  '610100': '医疗救助基金',
};
