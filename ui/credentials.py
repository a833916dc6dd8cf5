"""``guide hash`` and ``guide key``: make what opens a door, and the hash that the settings hold.

A password is never an argument, which other users of the machine could read, and never shown.
"""

from __future__ import annotations

import argparse
import re
import sys
from getpass import getpass

from ui.errors import InputError

_NAME = re.compile(r"[^\s,;，；:]+")  # without what separates the entries of GUIDE_USERS


def add_hash_options(parser: argparse.ArgumentParser) -> None:
    """Add what ``guide hash`` takes."""
    parser.add_argument("name", metavar="NAME", help="登录用的名称")
    parser.set_defaults(run=print_user)


def print_user(options: argparse.Namespace) -> int:
    """Ask for a password, and print the entry of ``GUIDE_USERS``.

    Raises
    ------
    InputError
        If the name cannot stand in the list, or the password is empty or not the same twice.
    """
    from ui.auth import hash_password

    if not _NAME.fullmatch(options.name):
        raise InputError(f"名称 {options.name!r} 不可用：不能含空白、冒号、逗号或分号。请换一个。")
    print(f"{options.name}:{hash_password(_password())}")
    return 0


def print_key(options: argparse.Namespace) -> int:
    """Make a key for a program, and print it with its hash: the key this one time."""
    from ui.auth import new_api_key

    key, hashed = new_api_key()
    print(f"密钥（只显示这一次，请交给调用方）：{key}")
    print(f"散列（加入 GUIDE_API_KEYS）：{hashed}")
    return 0


def _password() -> str:
    """Read a password: from the terminal twice and unseen, or the first line of a pipe."""
    if sys.stdin.isatty():
        password = getpass("密码：")
        if password and getpass("再输入一次：") != password:
            raise InputError("两次输入的密码不一致，请重来。")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise InputError("没有读到密码。请在提示后输入，或由管道传入一行。")
    return password
