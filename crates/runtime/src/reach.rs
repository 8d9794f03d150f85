//! Where requests may go. A URL that a stranger sent must not reach what only this machine or its network can
//! reach, whatever its host is called, wherever it redirects to, and whatever its name resolves to the next time.

use std::error::Error;
use std::fmt;
use std::net::{IpAddr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::{address, messages};

/// Where requests may go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Wherever this machine can: for URLs that the program chooses.
    #[default]
    Anywhere,
    /// To addresses of the public internet only, and never through a proxy: for URLs that came from outside.
    PublicAddresses,
    /// To one address of this machine, in place of a public one that tests do not have.
    #[cfg(test)]
    OneAddress,
}

impl Reach {
    /// Whether a host, as in a parsed URL, is written as an address that is out of reach. What a name leads to is seen
    /// when a connection is opened.
    pub(crate) fn excludes_host(self, host: &str) -> bool {
        // An address of IPv6 is in brackets.
        let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
        address.is_ok_and(|address| !self.includes(address))
    }

    /// Whether a connection to this address may be made.
    pub(crate) fn includes(self, ip: IpAddr) -> bool {
        match self {
            Self::Anywhere => true,
            Self::PublicAddresses => address::is_public(ip),
            #[cfg(test)]
            Self::OneAddress => ip == IpAddr::from([127, 0, 0, 1]),
        }
    }
}

/// Holds connections to a reach. Names are resolved here, and the addresses that were looked at are the ones that
/// are connected to: a name that resolves to something else a moment later gains nothing. A proxy would resolve
/// names itself, so none is used.
pub(crate) fn guard(builder: reqwest::ClientBuilder, reach: Reach) -> reqwest::ClientBuilder {
    if reach == Reach::Anywhere { builder } else { builder.no_proxy().dns_resolver(Guard(reach)) }
}

struct Guard(Reach);

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let addresses: Vec<SocketAddr> = resolve(name.as_str(), reach).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// The addresses of a name that are within reach.
pub(crate) async fn resolve(name: &str, reach: Reach) -> Result<Vec<SocketAddr>, std::io::Error> {
    let found = look_up(name).await?;
    let addresses: Vec<SocketAddr> =
        found.into_iter().filter(|address| reach.includes(address.ip())).collect();
    if addresses.is_empty() {
        let refusal = Refusal(messages::no_public_address(name));
        return Err(std::io::Error::new(std::io::ErrorKind::PermissionDenied, refusal));
    }
    Ok(addresses)
}

/// All addresses of a name. The port is the connection's affair.
async fn look_up(name: &str) -> Result<Vec<SocketAddr>, std::io::Error> {
    #[cfg(test)]
    if let Some(addresses) = names::next(name) {
        return Ok(addresses);
    }
    Ok(tokio::net::lookup_host((name, 0)).await?.collect())
}

/// Names whose answers tests choose, as the owner of a name on the internet can.
#[cfg(test)]
pub(crate) mod names {
    use std::collections::{BTreeMap, VecDeque};
    use std::net::{IpAddr, SocketAddr};
    use std::sync::Mutex;

    type Answers = VecDeque<Vec<SocketAddr>>;

    static NAMES: Mutex<BTreeMap<String, Answers>> = Mutex::new(BTreeMap::new());

    /// From now on the name has these addresses, one answer after the other; the last one stays.
    pub(crate) fn set(name: &str, answers: &[&[&str]]) {
        let address = |text: &&str| SocketAddr::new(text.parse::<IpAddr>().unwrap(), 0);
        let answers = answers.iter().map(|addresses| addresses.iter().map(address).collect()).collect();
        NAMES.lock().unwrap().insert(name.to_owned(), answers);
    }

    pub(super) fn next(name: &str) -> Option<Vec<SocketAddr>> {
        let mut names = NAMES.lock().unwrap();
        let answers = names.get_mut(name)?;
        if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() }
    }
}

/// Why a name was not connected to.
#[derive(Debug)]
pub(crate) struct Refusal(String);

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for Refusal {}

/// The refusal among the causes of an error, if that is what it comes from.
pub(crate) fn refusal<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e Refusal> {
    let mut cause = Some(error);
    while let Some(current) = cause {
        // The source of an I/O error is that of the error in it, which would be passed over.
        let inner = current.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if let Some(refusal) = inner.and_then(|inner| inner.downcast_ref::<Refusal>()) {
            return Some(refusal);
        }
        cause = current.source();
    }
    None
}
