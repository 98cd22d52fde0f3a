"""A local Maven repository with the plugin of target/dist, whose other folders are links to the user's, to which Maven
adds only what it downloads."""
import glob
import os
import re
import shutil

HOME = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))


def plugin_repository(folder):
    """Makes it; the plugin's version."""
    jar = sorted(glob.glob(os.path.join(HOME, "target", "dist", "envctl-*.jar")))[-1]
    version = re.search(r"envctl-(.*)\.jar$", jar).group(1)
    users = os.path.expanduser("~/.m2/repository")
    link(users, folder, "dev")
    link(os.path.join(users, "dev"), os.path.join(folder, "dev"), "envctl")
    place = os.path.join(folder, "dev", "envctl", "envctl", version)
    os.makedirs(place)
    shutil.copy(jar, place)
    shutil.copy(os.path.join(HOME, "pom.xml"), os.path.join(place, "envctl-%s.pom" % version))
    return version


def link(users, own, exception):
    os.makedirs(own)
    for name in os.listdir(users) if os.path.isdir(users) else []:
        if name != exception and os.path.isdir(os.path.join(users, name)):
            os.symlink(os.path.join(users, name), os.path.join(own, name))
