//! The whole resolver over loopback, with an upstream of our own that can be silent, wrong or lying.

mod answers;
mod changes;
mod encrypted;
mod failing;
mod hostile;
mod logged;
mod school;
mod upstream;

pub(super) use school::{ALONE, POLICY, School, index, logged, question};
pub(super) use upstream::{Manner, Upstream, answer};

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::{RData, RecordType};

use super::query::{A, AAAA, HEADER, IN, Lower, Query};
use super::*;
use crate::index::{Builder, Index, Key};
use crate::lists::{Entry, Hashed, Kind, ListInfo, Reach as ListReach, What, digest};
use crate::verdict::{Live, Moment, Policy};
use school::{HTTPS, NOWHERE, SALT, SITE, alone, by_itself, worker};
