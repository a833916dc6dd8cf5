"""What can go wrong between a visitor and the assistant.

::

    BookError
    ├── InputError            the command line was given something that it cannot use
    ├── OriginSettingError    GUIDE_ALLOWED_ORIGINS names something that is no origin
    ├── UserSettingError      GUIDE_USERS or GUIDE_API_KEYS holds something that is no hash
    └── ServiceError          carries an HTTP status and a sentence for the visitor
        ├── BadRequestError   400  the request cannot be read
        ├── UnauthorisedError 401  a login or a key is needed
        ├── ForbiddenError    403  the site is not on the list
        ├── NotHereError      404  no such chapter, note, passage or page
        ├── TooLargeError     413  the body is too long
        ├── MediaTypeError    415  the body is no JSON
        ├── WrongHostError    421  the host name is not one of ours
        ├── TooOftenError     429  too many questions from one address
        └── BusyError         503  too many questions wait
"""

from __future__ import annotations

from typing import ClassVar

from ingest.errors import BookError


class InputError(BookError):
    """The command line was given something that it cannot use; says what and where."""


class OriginSettingError(BookError):
    """The list of allowed origins names something that is no origin."""

    def __init__(self, origin: str) -> None:
        super().__init__(
            f"GUIDE_ALLOWED_ORIGINS：{origin!r} 不是网站来源（not an origin）。"
            "请写协议、主机和端口，不带路径、通配符和结尾的斜线，如 https://portal.example.com。"
        )
        self.origin = origin


class UserSettingError(BookError):
    """The list of users or of keys holds something that is no hash made by this project."""

    def __init__(self, setting: str, number: int) -> None:
        # Not a part of the entry: it may be the password itself, and errors end up in logs.
        made_by = {"GUIDE_USERS": "guide hash 名称", "GUIDE_API_KEYS": "guide key"}[setting]
        super().__init__(
            f"{setting}：第 {number} 项不是可用的散列（not a hash）。请用 {made_by} 生成。"
        )
        self.setting, self.number = setting, number


class ServiceError(BookError):
    """A request that is answered with an error."""

    status: ClassVar[int] = 500
    said: ClassVar[str] = "服务出错了，请稍后再试。"
    english: ClassVar[str] = "The service failed. Please try again later."

    def __init__(self, said: str | None = None, *, retry_after: int | None = None) -> None:
        super().__init__(said or self.said)
        self.retry_after = retry_after

    def in_language(self, language: str) -> str:
        """Give the sentence for a visitor of the page in that language."""
        return self.english if language == "en" else str(self)


class BadRequestError(ServiceError):
    """The request cannot be read."""

    status, said = 400, "请求的内容无法识别。"


class UnauthorisedError(ServiceError):
    """A login or a key is needed."""

    status, said = 401, "需要先登录，或在请求中带上接口密钥。"
    english = "Please log in first, or send an API key."


class ForbiddenError(ServiceError):
    """The site that sent the request is not on the list."""

    status, said = 403, "这个网站没有获准使用本服务。管理员可在 GUIDE_ALLOWED_ORIGINS 中加入它。"


class NotHereError(ServiceError):
    """There is no such chapter, note, passage or page."""

    status, said = 404, "没有找到您要的内容。"


class TooLargeError(ServiceError):
    """The body is too long."""

    status, said = 413, "请求太大了，请缩短后再试。"
    english = "This is too long. Please clear the conversation or ask a shorter question."


class MediaTypeError(ServiceError):
    """The body is no JSON."""

    status, said = 415, "请以 JSON 发送请求（Content-Type: application/json）。"


class WrongHostError(ServiceError):
    """The host name of the request is not one of ours."""

    status, said = 421, "本服务不以这个主机名对外。管理员可用 GUIDE_PUBLIC_URL 设置对外地址。"


class TooOftenError(ServiceError):
    """Too many questions came from one address."""

    status, said = 429, "提问过于频繁，请稍候片刻再试。"
    english = "You are asking very often. Please wait a moment."


class BusyError(ServiceError):
    """Too many questions wait already."""

    status, said = 503, "现在提问的人较多，请稍后再试。"
    english = "Many people are asking right now. Please try again in a moment."
