/* SPDX-License-Identifier: Apache-2.0 */
/* Our own short words for ATT&CK techniques that rules name most; others are shown by their number. */
import { both } from "../i18n/lang";

const WORDS: Record<string, [string, string]> = {
  T1003: ["lấy cắp thông tin đăng nhập lưu trên máy", "stealing stored credentials"],
  T1005: ["gom dữ liệu trên máy", "collecting local data"],
  T1021: ["di chuyển qua dịch vụ từ xa", "moving through remote services"],
  T1027: ["che giấu nội dung tệp, lệnh", "hiding files or commands"],
  T1041: ["gửi dữ liệu ra theo kênh điều khiển", "data out over the control channel"],
  T1047: ["chạy lệnh qua WMI", "running commands by WMI"],
  T1048: ["gửi dữ liệu ra theo kênh khác", "data out over another channel"],
  T1053: ["tạo tác vụ lịch", "scheduled task"],
  T1055: ["chèn mã vào tiến trình khác", "process injection"],
  T1059: ["chạy lệnh, kịch bản", "command or script"],
  T1070: ["xoá dấu vết", "removing traces"],
  T1071: ["liên lạc điều khiển qua giao thức thường", "control traffic over common protocols"],
  T1078: ["dùng tài khoản hợp lệ", "valid accounts"],
  T1087: ["dò tìm tài khoản", "account discovery"],
  T1098: ["sửa quyền tài khoản", "account manipulation"],
  T1105: ["tải công cụ về", "bringing tools in"],
  T1110: ["dò mật khẩu", "password guessing"],
  T1112: ["sửa Registry", "changing the registry"],
  T1114: ["lấy cắp thư điện tử", "collecting mail"],
  T1133: ["vào qua dịch vụ từ xa mở ra ngoài", "external remote services"],
  T1136: ["tạo tài khoản", "creating an account"],
  T1190: ["tấn công ứng dụng mở ra Internet", "exploiting a public application"],
  T1203: ["khai thác phần mềm người dùng", "exploiting client software"],
  T1204: ["lừa người dùng mở tệp", "user opens a file"],
  T1218: ["lợi dụng chương trình có sẵn", "misusing built-in programs"],
  T1484: ["sửa chính sách miền", "changing domain policy"],
  T1486: ["mã hoá dữ liệu đòi tiền", "encrypting data for ransom"],
  T1489: ["dừng dịch vụ", "stopping services"],
  T1490: ["phá khả năng khôi phục", "blocking recovery"],
  T1505: ["cửa hậu trên máy chủ", "server backdoor"],
  T1543: ["tạo hoặc sửa dịch vụ", "creating or changing a service"],
  T1547: ["tự chạy khi khởi động", "start at boot or log-on"],
  T1548: ["vượt quyền", "abusing elevation"],
  T1558: ["lấy cắp vé Kerberos", "stealing Kerberos tickets"],
  T1562: ["tắt bảo vệ", "switching protection off"],
  T1566: ["thư lừa đảo", "phishing"],
  T1567: ["gửi dữ liệu ra qua dịch vụ web", "data out over a web service"],
  T1569: ["chạy qua dịch vụ hệ thống", "running through system services"],
  T1572: ["đường hầm", "tunnelling"],
  T1595: ["dò quét", "scanning"],
};

/* "attack.t1110.001" -> "T1110.001 dò mật khẩu"; tags that are no technique are left out. */
export function techniques(tags: string[]): string[] {
  const out: string[] = [];
  for (const tag of tags) {
    const m = /^attack\.(t\d{4})(\.\d{3})?$/i.exec(tag);
    if (!m?.[1]) continue;
    const id = m[1].toUpperCase();
    const words = WORDS[id];
    out.push(`${id}${m[2] ?? ""}${words ? ` ${both({ vi: words[0], en: words[1] })}` : ""}`);
  }
  return out;
}
