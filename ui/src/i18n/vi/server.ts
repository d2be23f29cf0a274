/* SPDX-License-Identifier: Apache-2.0 */
export const certificate = {
  title: "Mở trang trên điện thoại",
  host: "Máy chủ này, như điện thoại gọi tới",
  loopback:
    "Trang chỉ nghe trên chính máy này: điện thoại chưa vào được. Đặt listen.http trong canh.yaml, ví dụ 0.0.0.0:8443, rồi khởi động lại canh.",
  scan: "Quét mã bằng máy ảnh của điện thoại, hoặc mở",
  compare: "So vân tay SHA-256 hiện trên điện thoại với vân tay này trước khi tin:",
  trust: "Cài làm chứng chỉ CA, rồi mở trang bằng địa chỉ https như trên.",
  pem: "Tải tệp PEM",
  der: "Tải tệp DER",
  qr: "Mã QR dẫn tới {{url}} kèm vân tay",
  none: "Trang đang dùng HTTP trên máy này. Để điện thoại vào được, khai trong canh.yaml rồi khởi động lại canh:",
  until: "Chứng chỉ còn hạn",
  left: "còn {{n}} ngày",
  ended: "đã hết hạn {{n}} ngày",
  renews: "canh tự gia hạn trước 30 ngày",
  replace: "thay tệp rồi đọc lại cấu hình",
  names: "Dùng cho",
  print: "Vân tay SHA-256",
};
export const reload = {
  title: "Tệp cấu hình canh.yaml",
  help: "Đọc lại sau khi sửa tệp, như lệnh systemctl reload canh: kiểm tra trọn tệp trước, có lỗi thì giữ nguyên cấu hình đang chạy.",
  again: "Đọc lại",
  taken: "Đọc lần cuối",
  same: "Không có gì thay đổi",
  changed: "Đã đổi ngay:",
  restart: "Chờ khởi động lại canh:",
  watch: "Tiến trình theo dõi đã chạy lại để đọc được thư mục mới.",
  refused: "Tệp có lỗi, cấu hình cũ vẫn chạy",
  line: "Dòng {{n}}:",
};
