parse_arguments() {
    while [ $# -gt 0 ]; do
        case $1 in
        --host)
            [ $# -ge 2 ] || fail "--host needs a name"
            wanted=$2
            shift
            ;;
        --host=*) wanted=${1#--host=} ;;
        --dry-run | --uninstall)
            [ "$action" = install ] || fail "--dry-run cannot be used with --uninstall"
            action=${1#--}
            ;;
        -h | --help)
            usage
            exit 0
            ;;
        *)
            usage >&2
            fail "unknown argument: $1"
            ;;
        esac
        shift
    done
}
