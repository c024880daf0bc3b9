#!/bin/bash
# A Slurm of four emulated nodes on this machine, all of it on loopback: `lab.sh start`, `lab.sh stop`.
# Debian 12, as root: apt-get install --no-install-recommends slurmctld slurmd slurm-client munge
set -eu
lab=${GAN_SLURM_LAB:-/var/tmp/gan-slurm-lab}
conf=$lab/slurm.conf
host=$(hostname -s)

start() {
    mkdir -p "$lab"/state /run/munge /var/lib/munge /var/log/munge /etc/munge
    [ -f /etc/munge/munge.key ] || dd if=/dev/urandom of=/etc/munge/munge.key bs=1 count=1024 status=none
    chown -R munge: /run/munge /var/lib/munge /var/log/munge /etc/munge
    chmod 400 /etc/munge/munge.key
    chmod 755 /run/munge
    # Arrays of five indices at most, so that a small sweep meets the limit; a job that is requeued begins
    # again after the lifetime of a credential, by default two minutes.
    cat > "$conf" <<C
ClusterName=gan-lab
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=cred_expire=10
MaxArraySize=5
KillWait=5
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SchedulerType=sched/backfill
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
StateSaveLocation=$lab/state
SlurmctldLogFile=$lab/slurmctld.log
SlurmctldPidFile=$lab/slurmctld.pid
SlurmdSpoolDir=$lab/spool-%n
SlurmdLogFile=$lab/%n.log
SlurmdPidFile=$lab/%n.pid
SlurmdParameters=config_overrides
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=17001 CPUs=2 State=UNKNOWN
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=17002 CPUs=2 State=UNKNOWN
NodeName=n3 NodeHostname=$host NodeAddr=127.0.0.1 Port=17003 CPUs=2 State=UNKNOWN
NodeName=n4 NodeHostname=$host NodeAddr=127.0.0.1 Port=17004 CPUs=2 State=UNKNOWN
PartitionName=main Nodes=n[1-4] Default=YES MaxTime=INFINITE State=UP
C
    if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
        printf 'CgroupPlugin=cgroup/v2\nIgnoreSystemd=yes\n' > "$lab/cgroup.conf"
    else
        printf 'CgroupPlugin=cgroup/v1\n' > "$lab/cgroup.conf"
    fi
    munge -n > /dev/null 2>&1 || runuser -u munge -- /usr/sbin/munged
    slurmctld -f "$conf"
    for node in n1 n2 n3 n4; do slurmd -f "$conf" -N "$node"; done
    for _ in $(seq 30); do
        [ "$(SLURM_CONF=$conf sinfo --noheader --Node --states=idle | wc -l)" -eq 4 ] && break
        sleep 1
    done
    SLURM_CONF=$conf sinfo
    echo "for the tests: export SLURM_CONF=$conf"
}

# munged, which others may use, goes on.
stop() {
    SLURM_CONF=$conf scontrol shutdown || true
    for node in n1 n2 n3 n4; do
        [ ! -s "$lab/$node.pid" ] || kill "$(cat "$lab/$node.pid")" || true
    done
}

case ${1:-} in
    start) start ;;
    stop) stop ;;
    *) echo "expected start or stop, found \`${1:-}\`" >&2; exit 2 ;;
esac
