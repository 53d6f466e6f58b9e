package MyApp::MessageWorker;
use Moo;

with 'Message::Passing::Role::Filter';

# The worker of the original's documentation: it uses the message up and passes nothing on.
sub filter {
    my ($self, $message) = @_;
    local $| = 1;
    print STDOUT "worked on $message->{n}\n";
    return undef;
}

1;
