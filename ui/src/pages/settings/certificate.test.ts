/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from "vitest";
import { grouped, hosts } from "./certificate";

describe("what a phone can use", () => {
  it("puts addresses first and this machine's own names last", () => {
    expect(
      hosts(["localhost", "canh.example.vn", "127.0.0.1", "192.0.2.7", "::1", "2001:db8::7"], "localhost"),
    ).toEqual(["192.0.2.7", "2001:db8::7", "canh.example.vn", "localhost", "127.0.0.1", "::1"]);
  });
  it("puts where one is now in front", () => {
    expect(hosts(["192.0.2.7", "canh.example.vn", "canh.example.vn"], "canh.example.vn")).toEqual([
      "canh.example.vn",
      "192.0.2.7",
    ]);
  });
  it("groups a fingerprint by four", () => {
    expect(grouped("00ab12cdef")).toBe("00AB 12CD EF");
    expect(grouped("")).toBe("");
  });
});
