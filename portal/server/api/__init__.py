"""The API of `portal.api.shapes`: declared endpoints, msgspec bodies, problem documents, an OpenAPI document.

Who is answered what:

- no token, an unknown or a revoked one: 401 `wrong-token`, the same whether or not the cabinet exists;
- a device whose role may not: 403 `role-not-allowed`, with a sentence for the person in front of it. It reveals nothing
  (what exists is public in the OpenAPI document), and without it nobody would know why the button does not work;
- anything of another cabinet, or that is not there: 404 `not-found`, the same answer for both.

Roles on the sync's routes: all three may publish data. Only a `practitioner` may confirm held withdrawals: the nightly
program's token (`sync`) must not be able to, or a flag left in its task would switch the guard off for good.
Settings and images are written by a `practitioner`, and read by all.
"""
