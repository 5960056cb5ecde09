# For a worker that is root: runs a program that sees a directory with its owner's files belonging to
# another user, so that a script without any right of root can use the project as its owner does.
# Nothing on the disk changes, and files that the script makes belong to the directory's owner.
#
#   perl idmap.pl x64|arm64 DIRECTORY UID GID -- PROGRAM ARGUMENT...
#
# The kernel does it with an idmapped mount, which no program of util-linux 2.38 can make. Perl is part of
# every Debian, and the one interpreter there that can make system calls by number.
use strict;
use warnings;

my ($machine, $directory, $uid, $gid, $dash, @command) = @ARGV;
my ($empty, $slash) = ('', '/');
my %numbers = (x64 => [272, 165], arm64 => [97, 40]);
my ($UNSHARE, $MOUNT) = @{ $numbers{$machine} // fail("$machine is not known") };
my ($OPEN_TREE, $MOVE_MOUNT, $MOUNT_SETATTR) = (428, 429, 442);
my ($NEWNS, $NEWUSER) = (0x20000, 0x10000000);
my ($RECURSIVE, $EMPTY_PATH) = (0x8000, 0x1000);

sub fail { print STDERR "idmap: $_[0]: $!\n"; exit 125 }

# Swaps the ids $from and $to; all others stay.
sub map_of {
    my ($from, $to) = @_;
    return "0 0 4294967295\n" if $from == $to;
    my ($low, $high) = $from < $to ? ($from, $to) : ($to, $from);
    my @lines = ("$from $to 1", "$to $from 1");
    push @lines, "0 0 $low" if $low > 0;
    push @lines, join ' ', $low + 1, $low + 1, $high - $low - 1 if $high - $low > 1;
    push @lines, join ' ', $high + 1, $high + 1, 4294967294 - $high;
    return join("\n", @lines) . "\n";
}

my ($owner, $group) = (stat $directory)[4, 5];
defined $owner or fail($directory);
# A child process whose only purpose is its user namespace.
pipe(my $made, my $making) && pipe(my $waits, my $done) or fail('pipe');
my $child = fork // fail('fork');
if ($child == 0) {
    close $done;
    syscall($UNSHARE, $NEWUSER) == 0 or exit 1;
    syswrite $making, 'x';
    sysread $waits, my $end, 1;
    exit 0;
}
close $making;
sysread($made, my $byte, 1) == 1 or fail('no user namespace');
for (['uid_map', map_of($owner, $uid)], ['gid_map', map_of($group, $gid)]) {
    open my $file, '>', "/proc/$child/$_->[0]" or fail($_->[0]);
    defined syswrite $file, $_->[1] or fail($_->[0]);
    close $file;
}
open my $namespace, '<', "/proc/$child/ns/user" or fail('namespace');
my $tree = syscall($OPEN_TREE, -100, $directory, 1 | 02000000 | $RECURSIVE);
$tree >= 0 or fail('open_tree');
my $attributes = pack 'QQQQ', 0x100000, 0, 0, fileno $namespace;
syscall($MOUNT_SETATTR, $tree, $empty, $EMPTY_PATH | $RECURSIVE, $attributes, 32) == 0 or fail('mount_setattr');
syscall($UNSHARE, $NEWNS) == 0 or fail('unshare');
syscall($MOUNT, 0, $slash, 0, 0x4000 | 0x40000, 0) == 0 or fail('mount');
syscall($MOVE_MOUNT, $tree, $empty, -100, $directory, 4) == 0 or fail('move_mount');
close $done;
waitpid $child, 0;
exec { $command[0] } @command or fail($command[0]);
