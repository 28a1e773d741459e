import { both, codedTexts } from '../words/coded-text.ts';

/** What an open identity waits for, and what to do, by its reason. */
export const openTodo = codedTexts({
  claimed: both(
    'Nothing was written yet: test its unit again in this batch, or write the identity off.',
    '还没有写入：请在本批次重新测试这个产品，或把身份作废。',
  ),
  burning: both('It is being written: wait until the run has ended.', '正在写入：请等测试结束。'),
  'not-sent': both(
    'The registry does not know it yet: connect the station and send the messages ("sync drain").',
    '注册中心还不知道：请连接网络并发送消息。',
  ),
  refused: both(
    'The registry refused the message about it: decide on the sync page.',
    '注册中心拒绝了它的消息：请在同步页面处理。',
  ),
  'set-aside': both(
    'Its message was set aside: send it nevertheless, or retire the identity.',
    '它的消息被搁置：请仍然发送，或把身份作废。',
  ),
  'not-reported': both(
    'No message waits for it: test its unit again, or write the identity off.',
    '没有等待发送的消息：请重新测试这个产品，或把身份作废。',
  ),
  'retirement-not-sent': both(
    'The registry does not know that it is retired: send the messages ("sync drain").',
    '注册中心还不知道它已作废：请发送消息。',
  ),
  contradiction: both(
    'The records of this station contradict each other: read its unit at the returns desk, and run "triples audit".',
    '本工位的记录互相矛盾：请在返修台读取产品，并检查台账。',
  ),
  'registry-differs': both(
    'The registry says something else: read its unit at the returns desk and decide.',
    '注册中心的记录不同：请在返修台读取产品后决定。',
  ),
  'still-bound': both(
    'A test has left its unit bound: release it at the returns desk, or test it again; its customer could not connect it.',
    '测试后产品没有解除绑定：请在返修台解除绑定，或重新测试；否则客户无法连接它。',
  ),
});
