/* SPDX-License-Identifier: Apache-2.0 */
/* What a hit on a list means, by the kind of the list; a guide that the server gives goes before it. */
export const listGuide = {
  c2: {
    what: "Một máy bên trong đã kết nối ra địa chỉ có trong danh sách máy chủ điều khiển, và kết nối được cho qua.",
    why: "Máy bị mã độc điều khiển thường gọi về máy chủ như vậy để nhận lệnh hoặc gửi dữ liệu ra.",
    check:
      "Máy nào, ai dùng, chương trình nào mở kết nối?|Kết nối có lặp lại đều đặn, có gửi nhiều dữ liệu ra không?|Máy khác có gọi tới địa chỉ này không?",
    act: "Chặn địa chỉ này ở tường lửa.|Cô lập máy khỏi mạng, không tắt máy.|Giữ nhật ký và bộ nhớ làm chứng cứ trước khi gỡ mã độc.",
    call: "Trực chính để duyệt chặn và cô lập; quản trị hệ thống của máy đó.",
  },
  attacker: {
    what: "Một địa chỉ trong danh sách nguồn tấn công đã truy cập thành công sau những lần thử.",
    why: "Lần thành công sau nhiều lần thử cho thấy tài khoản hoặc dịch vụ có thể đã bị chiếm.",
    check:
      "Tài khoản, dịch vụ nào được truy cập thành công?|Sau khi vào, nguồn này đã làm gì?|Có phải cán bộ đăng nhập từ nơi lạ không?",
    act: "Khoá phiên và đổi mật khẩu tài khoản liên quan.|Chặn địa chỉ nguồn.|Rà lại các máy đã bị truy cập.",
    call: "Trực chính; chủ tài khoản; quản trị dịch vụ bị truy cập.",
  },
  phishing: {
    what: "Một máy bên trong đã mở địa chỉ có trong danh sách lừa đảo, và truy cập được cho qua.",
    why: "Người dùng có thể đã nhập mật khẩu hoặc tải tệp độc hại.",
    check: "Ai đã mở, từ thư hay tin nhắn nào?|Có nhập mật khẩu, tải tệp không?|Còn ai nhận cùng thư đó?",
    act: "Chặn tên miền hoặc địa chỉ này.|Đổi mật khẩu nếu đã nhập.|Thu hồi thư tương tự trong các hộp thư khác.",
    call: "Người dùng; quản trị thư điện tử; Trực chính nếu đã nhập mật khẩu.",
  },
  infected: {
    what: "Địa chỉ công cộng của đơn vị có trong danh sách địa chỉ nhiễm mã độc.",
    why: "Sau địa chỉ này có ít nhất một máy đang liên lạc với mạng máy tính ma.",
    check: "Máy nào ra Internet bằng địa chỉ này, theo nhật ký NAT và DHCP?|Máy đó đã được rà quét chưa?",
    act: "Rà quét mọi máy sau địa chỉ này trong 24 giờ.|Cô lập máy có mã độc, giữ chứng cứ.|Theo dõi danh sách tháng sau để đóng việc.",
    call: "Trực chính; quản trị mạng để tìm máy sau địa chỉ NAT.",
  },
  unknown: {
    what: "Nhật ký có chỉ dấu nằm trong một danh sách chưa rõ loại.",
    why: "Chưa rõ loại nên chưa thể nói mức nguy hại; cần xem chiều kết nối và kết quả.",
    check: "Danh sách do ai gửi, theo văn bản nào?|Kết nối đi ra hay đi vào, được cho qua hay bị chặn?",
    act: "Hỏi nơi gửi danh sách để biết loại.|Nếu là kết nối ra được cho qua, xử lý như máy chủ điều khiển.",
    call: "Nơi gửi danh sách; Trực chính nếu kết nối ra được cho qua.",
  },
};
