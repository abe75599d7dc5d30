# shellcheck shell=bash
# All of this folder, for deploy/demo and tests. HUB_CLONE is the folder of the clone.
HUB_CLONE=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd -P)
export HUB_CLONE
for part in say process port user secret authority secure work packages build console kafka postgres mosquitto platforms external; do
        # shellcheck disable=SC1090
        . "$HUB_CLONE/deploy/lib/$part.sh"
done
unset part
