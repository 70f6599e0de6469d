trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 141' PIPE
trap 'exit 143' TERM

parse_arguments "$@"
check_system
[ "$action" = dry-run ] || take_lock
case $action in
uninstall) uninstall ;;
*) install_here ;;
esac
