"""Images from elsewhere, as our own uploads: checked, redrawn, counted towards a quota, and named after their content."""

from .adoption import adopt
from .intake import Intake
from .redraw import RefusedImage
from .texts import HEADING_MAX, article_with_own_images, with_own_images
