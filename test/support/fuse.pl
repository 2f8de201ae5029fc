#!/usr/bin/perl
# A file system whose directories answer when they are told to. Perl, because every Debian has it.
#
#     perl fuse.pl MOUNT COUNT     mounts at MOUNT, with COUNT directories of three files each
#     perl fuse.pl MOUNT 0 NAME... with directories of these names, whatever they are
#
# Says "mounted", and "held N" for the Nth listing that it lets hang. Reads lines: "release" answers all that
# hang, and from then on everything at once, until "hold"; end of input unmounts. Speaks the kernel's protocol itself: <linux/fuse.h>.
use strict;
use warnings;

my ($mount, $count, @directories) = @ARGV;
# Some file systems count no links of anything.
my $links = $ENV{AETHER_FUSE_LINKS} // 1;
@directories = map { "slow$_" } 1 .. $count unless @directories;
my @files = qw(one two three);
my ($held, $holding, @hung) = (0, 1);
$| = 1;

# Inherited by mount(8).
$^F = 255;
open(my $fuse, '+<:raw', '/dev/fuse') or die "/dev/fuse: $!";
my $options = 'fd=' . fileno($fuse) . ',rootmode=40000,user_id=0,group_id=0,allow_other';
system('mount', '-i', '-t', 'fuse', '-o', $options, 'aether-slow', $mount) == 0 or exit 1;
print "mounted\n";

# Node 1 is the root, 1 + n its nth directory, 1000 * n + m the mth file of that.
sub is_directory { $_[0] < 1000 }

sub attributes {
    my ($node) = @_;
    my ($mode, $size) = is_directory($node) ? (040755, 0) : (0100644, $node);
    return pack('Q6 L10', $node, $size, 0, 1, 2, 3, 0, 0, 0, $mode, $links, 0, 0, 0, 4096, 0);
}

sub children {
    my ($node) = @_;
    return map { [$directories[$_], 2 + $_] } 0 .. $#directories if $node == 1;
    return map { [$files[$_], 1000 * ($node - 1) + $_ + 1] } 0 .. $#files;
}

sub answer {
    my ($unique, $errno, $body) = @_;
    syswrite($fuse, pack('L l Q', 16 + length($body), -$errno, $unique) . $body);
}

sub lookup {
    my ($unique, $node, $name) = @_;
    my ($found) = grep { $_->[0] eq $name } children($node);
    return answer($unique, 2, '') unless $found;
    answer($unique, 0, pack('Q4 L2', $found->[1], 0, 60, 60, 0, 0) . attributes($found->[1]));
}

sub list {
    my ($unique, $node, $offset, $size) = @_;
    my @all = children($node);
    my $body = '';
    while ($offset < @all) {
        my ($name, $child) = @{ $all[$offset] };
        my $entry = pack('Q2 L2', $child, $offset + 1, length($name), is_directory($child) ? 4 : 8) . $name;
        $entry .= "\0" x (-length($entry) % 8);
        last if length($body) + length($entry) > $size;
        $body .= $entry;
        $offset++;
    }
    answer($unique, 0, $body);
}

sub serve {
    my ($request) = @_;
    my (undef, $code, $unique, $node) = unpack('L2 Q2', $request);
    my $body = substr($request, 40);
    if ($code == 26) {    # INIT
        answer($unique, 0, pack('L4 S2 L2 S2 L8', 7, 31, 65536, 0, 64, 48, 65536, 1, 0, 0, (0) x 8));
    }
    elsif ($code == 1) { lookup($unique, $node, unpack('Z*', $body)) }
    elsif ($code == 3) { answer($unique, 0, pack('Q L2', 60, 0, 0) . attributes($node)) }    # GETATTR
    elsif ($code == 27 || $code == 14) { answer($unique, 0, pack('Q L2', 0, 0, 0)) }         # OPENDIR, OPEN
    elsif ($code == 28) {                                                                    # READDIR
        my (undef, $offset, $size) = unpack('Q2 L', $body);
        my @listing = ($unique, $node, $offset, $size);
        return list(@listing) unless $holding && $node != 1 && $offset == 0;
        push @hung, \@listing;
        print 'held ' . ++$held . "\n";
    }
    elsif ($code == 29 || $code == 18 || $code == 25) { answer($unique, 0, '') }             # RELEASE, FLUSH
    elsif ($code != 2 && $code != 42 && $code != 36) { answer($unique, 38, '') }             # FORGET, INTERRUPT: none
}

while (1) {
    my $wanted = '';
    vec($wanted, fileno($_), 1) = 1 for $fuse, \*STDIN;
    next if select(my $ready = $wanted, undef, undef, undef) < 0;
    if (vec($ready, fileno(STDIN), 1)) {
        last unless sysread(STDIN, my $line, 100);
        $holding = $line =~ /^hold/;
        next if $holding;
        list(@$_) for splice @hung;
    }
    if (vec($ready, fileno($fuse), 1)) {
        last unless sysread($fuse, my $request, 1 << 18);
        serve($request);
    }
}
close($fuse);
# Who mounted it may have been faster.
open(STDERR, ">", "/dev/null");
exec("umount", "-l", $mount);
