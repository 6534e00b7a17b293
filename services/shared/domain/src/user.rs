//! People: who they are, what they may do, what their plan allows.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{EmailAddress, FullName, InvalidField, Timestamp, UserId, Username};

/// A registered, confirmed person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Identifies the account for ever.
    pub id: UserId,
    /// What the person signs in with; unique without regard to case.
    pub username: Username,
    /// Where notifications go; unique without regard to case.
    pub email: EmailAddress,
    /// What the person is called.
    pub name: FullName,
    /// What the person may do.
    pub role: Role,
    /// When the person's last Premium plan ended, if one did and none runs.
    pub premium_ended: Option<Timestamp>,
}

/// What a person may do. PostgreSQL keeps exactly these names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// May annotate small files and download results for a while.
    FreeUser,
    /// Pays, and has no limits on size or time.
    PremiumUser,
    /// Runs the service.
    AdminUser,
    /// Runs the service and appoints who runs it.
    SuperUser,
}

impl Role {
    /// Every role, from the least that one may do to the most.
    pub const ALL: [Self; 4] = [Self::FreeUser, Self::PremiumUser, Self::AdminUser, Self::SuperUser];

    /// The name that stores keep.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FreeUser => "free_user",
            Self::PremiumUser => "premium_user",
            Self::AdminUser => "admin_user",
            Self::SuperUser => "super_user",
        }
    }

    /// Whether `/admin` is open to this role.
    #[must_use]
    pub const fn may_administer(self) -> bool {
        matches!(self, Self::AdminUser | Self::SuperUser)
    }

    /// Whether this role may change the roles of people.
    #[must_use]
    pub const fn may_appoint(self) -> bool {
        matches!(self, Self::SuperUser)
    }

    /// The plan whose limits apply: whoever runs the service has no limits.
    #[must_use]
    pub const fn plan(self) -> Plan {
        match self {
            Self::FreeUser => Plan::Free,
            Self::PremiumUser | Self::AdminUser | Self::SuperUser => Plan::Premium,
        }
    }
}

impl FromStr for Role {
    type Err = InvalidField;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "free_user" => Ok(Self::FreeUser),
            "premium_user" => Ok(Self::PremiumUser),
            "admin_user" => Ok(Self::AdminUser),
            "super_user" => Ok(Self::SuperUser),
            _ => Err(InvalidField("The role is unknown.")),
        }
    }
}

/// What a subscription buys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// Small files; results for a limited time.
    Free,
    /// Large files; results for good.
    Premium,
}

impl Plan {
    /// What Premium costs, in US cents per week: what pages advertise. What is charged is the price that Stripe has.
    pub const PREMIUM_CENTS_PER_WEEK: u64 = 99_999;

    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Free => "Free",
            Self::Premium => "Premium",
        }
    }

    /// The plan of this name; a row that names none is judged as Premium.
    #[must_use]
    pub fn of_name(name: Option<&str>) -> Self {
        match name {
            Some("Free") => Self::Free,
            _ => Self::Premium,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn somebody(role: Role) -> User {
        User {
            id: UserId::random(),
            username: Username::parse("ada").unwrap(),
            email: EmailAddress::parse("ada@example.org").unwrap(),
            name: FullName::parse("Ada Lovelace").unwrap(),
            role,
            premium_ended: None,
        }
    }

    #[test]
    fn every_role_reads_back_from_its_name() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse::<Role>().unwrap(), role);
        }
        assert!("root".parse::<Role>().is_err());
    }

    #[test]
    fn only_a_super_user_appoints_who_administers() {
        assert_eq!(Role::ALL.map(Role::may_administer), [false, false, true, true]);
        assert_eq!(Role::ALL.map(Role::may_appoint), [false, false, false, true]);
    }

    #[test]
    fn only_free_users_have_the_free_plan() {
        assert_eq!(Role::FreeUser.plan(), Plan::Free);
        assert_eq!(Role::AdminUser.plan(), Plan::Premium);
        assert_eq!(Plan::of_name(Some(Plan::Free.name())), Plan::Free);
        assert_eq!(Plan::of_name(None), Plan::Premium);
    }
}
