"""Files of open items that other systems wrote, one adapter per file, each giving the same neutral rows."""
