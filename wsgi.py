"""What gunicorn and the flask command load."""

import sys

from config import Config, WrongSetting
from crm import create_app

try:
    app = create_app(Config.from_environment())
except WrongSetting as error:
    sys.exit(str(error))
