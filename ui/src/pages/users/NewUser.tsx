/* SPDX-License-Identifier: Apache-2.0 */
import { Modal, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, post } from "../../api/client";
import type { Place, Role, User } from "../../api/types";
import { Btn } from "../../ui/Btn";
import { Once } from "../../ui/Once";
import { ErrorNote } from "../../ui/States";
import { ROLES, RoleFields } from "./RoleFields";

export interface Made {
  user: User;
  link: string;
}

/* The server gives the path; this page knows by which address the machine is reached. */
export function fullLink(link: string): string {
  return /^https?:/.test(link) ? link : new URL(link.replace(/^\//, ""), location.href.replace(/#.*/, "")).href;
}

function Form({ onMade }: { onMade: (m: Made) => void }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [full, setFull] = useState("");
  const [role, setRole] = useState<Role>("analyst");
  const [place, setPlace] = useState<Place | null>(null);
  const make = useMutation({
    mutationFn: () =>
      post<Made>("/users", {
        name: name.trim(),
        display_name: full.trim().normalize("NFC") || name.trim(),
        role,
        ...place,
      }),
    onSuccess: (m) => {
      void client.invalidateQueries({ queryKey: ["users"] });
      onMade(m);
    },
  });
  const errors = make.error instanceof ApiError ? make.error.errors : {};
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    make.mutate();
  };
  return (
    <form className="form" onSubmit={submit}>
      <TextInput
        label={t("users.name")}
        name="name"
        data-autofocus
        required
        withAsterisk={false}
        autoCapitalize="none"
        value={name}
        error={errors.name}
        onChange={(e) => setName(e.currentTarget.value)}
      />
      <TextInput
        label={t("users.displayName")}
        name="full"
        value={full}
        error={errors.display_name}
        onChange={(e) => setFull(e.currentTarget.value)}
      />
      <RoleFields roles={ROLES} role={role} setRole={setRole} place={place} setPlace={setPlace} error={errors.unit} />
      {make.isError && Object.keys(errors).length === 0 && <ErrorNote error={make.error} />}
      <div className="row">
        <Btn kind="primary" type="submit" busy={make.isPending}>
          {t("users.add")}
        </Btn>
      </div>
    </form>
  );
}

interface NewUserProps {
  opened: boolean;
  /* a link made for somebody who is already listed */
  made: Made | null;
  setMade: (m: Made | null) => void;
  close: () => void;
}

export function NewUser({ opened, made, setMade, close }: NewUserProps): ReactElement {
  const { t } = useTranslation();
  const shut = (): void => {
    setMade(null);
    close();
  };
  return (
    <Modal
      opened={opened || made !== null}
      onClose={shut}
      title={<b className="strong">{t("users.add")}</b>}
      closeButtonProps={{ "aria-label": t("act.close") }}
    >
      {made ? (
        <Once
          title={t("users.link", { name: made.user.display_name || made.user.name })}
          text={fullLink(made.link)}
          help={t("users.linkHelp")}
          close={shut}
        />
      ) : (
        <Form onMade={setMade} />
      )}
    </Modal>
  );
}
